"""A study: scenarios times replications, on all cores, with common random numbers."""
