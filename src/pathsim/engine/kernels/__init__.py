"""The compiled engine: numbers only."""
