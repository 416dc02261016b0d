"""Who is followed: the cohort, its sources and its risk scores."""

from .cohort import Cohort

__all__ = ["Cohort"]
