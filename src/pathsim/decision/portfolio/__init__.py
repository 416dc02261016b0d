"""Which mix of levels of several levers is worth most under a yearly budget.

| file | what it holds |
|---|---|
| `space.py` | mixes of levels, what each spends in a year, which of them a budget allows |
| `design.py` | which mixes to simulate first: Sobol points |
| `emulator.py` | main effects and pairs fitted to what was simulated |
| `search.py` | the emulator's best under a budget: enumerated, greedy with swaps, or by HiGHS |
| `explore.py` | from a first design to the last few mixes |
| `select.py` | the best of the last few at a stated chance: the procedure of Kim and Nelson |
| `levers.py` | levers as a user gives them, and a mix as one scenario |
| `merging.py` | what options change, laid together; unlike values of one key are refused |
| `spend.py` | what places cost in a year |
| `evaluate.py` | mixes simulated, and what each is worth |
| `portfolio.py` | the verb |
| `result.py` | what comes of it, in tables, words and plain data |
"""

from __future__ import annotations
