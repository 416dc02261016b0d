"""A synthetic copy of a table of people, to share in place of it."""

from .synthetic import Synthetic, synthetic

__all__ = ["Synthetic", "synthetic"]
