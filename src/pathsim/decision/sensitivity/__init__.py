"""Which inputs move an answer, by how much, and where an option fails.

| file | what it holds |
|---|---|
| `curves.py` | one input at a time: the tornado |
| `indices.py` | shares of the variance, chance's among them |
| `failure.py` | the assumptions under which an option fails, in one sentence |
| `emulator.py` | a stand-in for the model, and how good it is |
| `designs.py` | Morris screening and Sobol indices by SALib, of the stand-in |
| `told.py` | all of it for one difference |

All of it comes from the draws that there are: no more runs are needed.
"""

from __future__ import annotations
