"""The benchmark models as an expert would write them for other engines."""
