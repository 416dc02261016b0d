"""From outcomes to what is worth doing: value for money, doubt and choice.

| file | what it holds |
|---|---|
| `figures.py` | the Green Book's rates and bounds, and what is assumed beside them, as data |
| `green_book.py` | discounting, present values, ratios, optimism bias, weights: the formulas |
| `payback.py` | when money spent has come back |
| `switching.py` | the value of a parameter at which a verdict turns |
| `terms.py` | on what terms options are appraised |
| `appraise.py` | one option's yearly cohort, repeated over the years of an appraisal |
| `appraisal.py` | what comes of it: who pays, who gains, and every figure that follows |
| `draws.py` | what a caller gives of draws: net benefit, inputs, groups of inputs |
| `acceptability.py` | which option is the best, by what an effect is worth |
| `strategies.py` | the frontier of cost and effect, and who is dominated |
| `information/` | what it is worth to know more: perfectly, of some inputs, by a study |
| `sensitivity/` | which inputs move an answer, and where an option fails |
| `regression/` | the curves behind both: penalised splines and a Gaussian process |
| `resampling.py` | draws drawn again, for errors |
| `deflate.py` | draws of many options without the spread of chance |
| `doubted.py` | what was drawn in the states of the world, as inputs |
| `compared.py` | a comparison in states of the world, appraised: what every verb begins with |
| `turning.py` | where a verdict turns, by the draws |
| `decide.py` | a comparison in states of the world as a decision |
| `sentence.py`, `plain.py` | the decision in words, and as plain data |
| `value.py`, `value_plain.py` | the appraisal by payer and year, and as plain data |
| `studied.py`, `designs.py` | what studies would be worth, and what one person in them tells |
| `sensitive.py`, `sensitive_plain.py` | what an answer hangs on, and as plain data |
| `shapes/` | the shapes of all plain data, and their JSON Schemas |
| `portfolio/` | which mix of levers is worth most under a yearly budget |
| `sweep.py` | one lever from end to end |
"""

from __future__ import annotations
