"""The engine: arrays in, what happened out."""
