"""Arithmetic with the same bits on every machine and under every version of a library.

| file | what it holds |
|---|---|
| `arrays.py` | kinds of arrays |
| `functions.py` | logarithm, exponential and what is made of them |
| `normal.py` | the normal distribution and its quantile |
| `student.py` | the quantile of Student's t distribution |
| `words.py` | addressed random numbers |
| `ordered.py` | sums, ranks and interpolation whose order is fixed |
| `decimals.py` | numbers from text |

NumPy's +, -, *, /, square roots, rounding and comparisons are exact or rounded once. For the rest
NumPy and SciPy promise no bits: sums are split by what the processor has, LAPACK chooses among
equal eigenvalues and sorts among equal values, and functions are rounded as the machine likes.
"""

from .functions import exp, ln, log_odds, logistic

__all__ = ["exp", "ln", "log_odds", "logistic"]
