"""Effects: what studies report, as ratios of a person's hazard in a scenario's own population.

`convert` is the arithmetic, `population` whom a study is about, `rules` how studies become a
value with an interval, and `solve` all of it for a scenario.
"""

from __future__ import annotations
