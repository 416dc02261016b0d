"""What it is worth to know more before a decision.

| file | what it holds |
|---|---|
| `perfect.py` | EVPI: to know everything |
| `partial.py` | EVPPI: to know some inputs |
| `sample.py` | EVSI: to know what a study of so many people would tell |
| `study.py` | what such a study is worth beyond its cost, and its best size |
| `exact.py` | closed forms, against which the others are checked |

Each estimator has three functions: `prepare`, `estimate` and `error`. One more does all of it and
gives a table. Net benefit is [D, N]: draws, that is states of the world, and options, the baseline
first. Whoever decides takes the option whose mean is best; knowing more is worth what is gained
where it would have been another. Always 0 <= EVSI <= EVPPI <= EVPI.
"""

from __future__ import annotations
