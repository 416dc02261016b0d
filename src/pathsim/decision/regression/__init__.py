"""What an outcome is expected to be, given some of the inputs of a draw.

| file | what it holds |
|---|---|
| `points.py` | inputs without units, constants and repetition |
| `ridge.py` | penalised least squares: the penalty, the fit, the fit again to other weights |
| `splines.py` | columns for it: smooth curves of each input, and their products |
| `process.py` | other columns for it: a Gaussian process |
| `smooth.py` | both ways side by side; their error over draws; what chance alone would give |

A draw's outcome is that expectation and noise: of the other inputs, and of its few replications. A
regression leaves both out, so outcomes are given as simulated. If they are shrunken first, to take
the replications' noise out of their spread, a fit to them is shrunken as well, and too flat.
"""

from __future__ import annotations
