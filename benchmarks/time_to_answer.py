"""Time to an answer: CPU seconds until a difference is known to a tenth of itself.

    python -m benchmarks.time_to_answer [FILE.json]

The question is what 18 more tags change. The answer is there when the 95% interval of the
difference is narrower than a tenth of the difference. Each row adds one technique to the row
above, so that the factor beside it is its own: how many times less processor time it leaves.
No row is run to the end: the replications that it needs follow from the standard deviation of the
difference in one pair of replications, and the seconds from those of a pair, both measured here in
rounds that take turns. Only the last is, to show that the answer is there when the table says so.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from scipy import stats

import pathsim as ps
from pathsim.engine.contract import Floats
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS

from .controls import controlled
from .peers import simpy_m2

_HERE: Final = Path(__file__).parent
_CLOSED: Final = {
    "follow_up.clocks": "person",
    "follow_up.memory_days": None,
    "follow_up.horizon_days": None,
    "follow_up.generations_before": 1,
    "follow_up.generations_after": 0,
    "follow_up.stock_windows": 0,
    "offending.record_grows": False,
    "cohort.entry_shares": {
        age: {
            band: {"value": 1.0, "source": "a closed system", "grade": "choice"}
            for band in PREVIOUS_BANDS
        }
        for age in AGE_GROUPS
    },
}
"""Dorset as a closed system, as on the page: with the others of an open one, who are moved for
years, common random numbers save 67 times for reoffences, and 242 for the rate."""
_DORSET: Final = _HERE.parent / "scenarios" / "dorset"
SHARE: Final = 0.1
"""Of the difference: the width of the 95% interval at which it counts as known."""
SEED: Final = 40_000
ROUNDS: Final = 4
REPLICATIONS: Final = 60
"""Of pathsim in a round."""
RIVAL_REPLICATIONS: Final = 3
"""Of SimPy in a round."""
EXPECTED: Final = {
    "reoffences_per_person": "expected_reoffences_per_person",
    "proven_reoffending_rate": "expected_reoffending_rate",
}
"""The outcome asked for, and the one that estimates the same with less chance."""
_Result = TypeVar("_Result")


class Row(NamedTuple):
    """One method's way to the answer."""

    case: str
    outcome: str
    method: str
    seconds_per_pair: float
    sd: float
    """Standard deviation of the difference from one pair of replications."""
    replications: int
    """Pairs needed."""
    seconds: float
    """CPU seconds needed: pairs times seconds of a pair."""
    factor: float
    """Seconds of the row before over this one's; nan in the first."""
    factor_in_all: float
    """Seconds of the first row over this one's."""


class Sample(NamedTuple):
    """Values of every outcome by replication, without and with more tags."""

    before: dict[str, Floats]
    after: dict[str, Floats]

    def change(self, outcome: str) -> Floats:
        """Return the difference, replication by replication."""
        return self.after[outcome] - self.before[outcome]

    def surprise(self, outcome: str) -> Floats:
        """Return, for both arms, the count less what was expected: mean 0, [replications, 2]."""
        arms = (self.before, self.after)
        return np.column_stack([arm[outcome] - arm[EXPECTED[outcome]] for arm in arms])


class Measured(NamedTuple):
    """What the rounds gave for one case."""

    paired: Sample
    """The same random numbers before and after."""
    unpaired: Sample
    rival: Sample | None
    pair_seconds: float
    rival_pair_seconds: float


def replications_needed(sd: float, difference: float) -> int:
    """Return the least pairs whose 95% interval, by Student's t, is expected to be narrow enough.

    sd: of the difference from one pair. A difference of 0 is never known: raises ValueError.
    """
    if difference == 0.0:
        raise ValueError("no number of replications gives a difference of 0 to a tenth of itself")

    def narrow(n: int) -> bool:
        return bool(2.0 * stats.t.ppf(0.975, n - 1) * sd / math.sqrt(n) <= SHARE * abs(difference))

    high = 2
    while not narrow(high):
        high *= 2
    low = max(high // 2, 1)  # too few, but for high = 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if narrow(middle) else (middle, high)
    return high


def _timed(function: Callable[[], _Result]) -> tuple[_Result, float]:
    begun = time.process_time()
    result = function()
    return result, time.process_time() - begun


def _pathsim(scenario: ps.Scenario, *, replications: int, seed: int) -> dict[str, Floats]:
    values = ps.run(scenario, draws=0, replications=replications, seed=seed, workers=1).values
    names = [*EXPECTED, *EXPECTED.values()]
    return {name: values.data[:, values.rows.index((name, "all"))] for name in names}


def _simpy(*, replications: int, seed: int, tags: int) -> dict[str, Floats]:
    runs = [simpy_m2.replicate(seed=seed + r, tags=tags) for r in range(replications)]
    return {name: np.array([run[name] for run in runs]) for name in EXPECTED}


def _stacked(parts: list[dict[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _scenarios(case: str) -> tuple[ps.Scenario, ps.Scenario]:
    if case == "m2":
        before = ps.load(_HERE / "scenarios" / "m2.toml")
        return before, before.change("36 tags", {"services.tag.capacity": 36})
    before = ps.load(_DORSET / "baseline.toml").change("Dorset, closed", _CLOSED)
    return before, before.change("36 tags", {"services.gps_tag.capacity": 36})


def measure(case: str, *, rounds: int, replications: int, rival_replications: int) -> Measured:
    """Run a case's rounds; SimPy takes turns with pathsim where it has the model (M2)."""
    before, after = _scenarios(case)
    has_rival = case == "m2"
    _pathsim(before, replications=1, seed=SEED)  # compiles, or reads what was compiled
    arms: dict[str, list[dict[str, Floats]]] = {
        name: [] for name in ("before", "after", "alone", "rival before", "rival after")
    }
    seconds, rival_seconds = [], []

    def both(seed: int) -> None:
        arms["before"].append(_pathsim(before, replications=replications, seed=seed))
        arms["after"].append(_pathsim(after, replications=replications, seed=seed))

    def rivals(seed: int) -> None:
        n = rival_replications
        arms["rival before"].append(_simpy(replications=n, seed=seed, tags=18))
        arms["rival after"].append(_simpy(replications=n, seed=seed + 500, tags=36))

    for number in range(rounds):
        seed = SEED + 1_000 * number
        seconds.append(_timed(partial(both, seed))[1] / replications)
        arms["alone"].append(_pathsim(after, replications=replications, seed=seed + 1))
        if has_rival:
            spent = _timed(partial(rivals, seed))[1]
            rival_seconds.append(spent / rival_replications)
    made = {name: _stacked(parts) for name, parts in arms.items() if parts}
    return Measured(
        paired=Sample(made["before"], made["after"]),
        unpaired=Sample(made["before"], made["alone"]),
        rival=Sample(made["rival before"], made["rival after"]) if has_rival else None,
        pair_seconds=float(np.median(seconds)),
        rival_pair_seconds=float(np.median(rival_seconds)) if has_rival else math.nan,
    )


def _independent_sd(outcome: str, samples: list[Sample]) -> float:
    """Return the standard deviation of a difference of two independent replications.

    SimPy's few replications and pathsim's many are draws of the same model, and so pooled; a
    test tells whether they spread alike.
    """
    variance = 0.0
    for arm in ("before", "after"):
        parts = [getattr(sample, arm)[outcome] for sample in samples]
        squares = sum(((part - part.mean()) ** 2).sum() for part in parts)
        variance += squares / sum(len(part) - 1 for part in parts)
    return math.sqrt(variance)


def rows(case: str, outcome: str, measured: Measured) -> list[Row]:
    """Return the table of one question."""
    expected = measured.paired.change(EXPECTED[outcome])
    controls = np.column_stack([measured.paired.surprise(name) for name in EXPECTED])
    helped = controlled(expected, controls)
    difference = float(expected.mean())
    samples = [measured.unpaired] + ([measured.rival] if measured.rival else [])
    independent = _independent_sd(outcome, samples)
    own = measured.pair_seconds
    methods = [
        ("pathsim, independent random numbers", own, independent),
        ("+ common random numbers", own, float(measured.paired.change(outcome).std(ddof=1))),
        ("+ expectation in place of chance", own, float(expected.std(ddof=1))),
        ("+ control variates", own, helped.sd),
    ]
    if measured.rival is not None:
        rival = ("SimPy, independent random numbers", measured.rival_pair_seconds, independent)
        methods.insert(0, rival)
    table: list[Row] = []
    for method, per_pair, sd in methods:
        n = replications_needed(sd, difference)
        spent = n * per_pair
        last, first = (table[-1].seconds, table[0].seconds) if table else (math.nan, spent)
        table.append(
            Row(case, outcome, method, per_pair, sd, n, spent, last / spent, first / spent)
        )
    return table


def answer(case: str, outcome: str, *, replications: int) -> dict[str, float]:
    """Run a comparison with so many replications; return what it cost and what it answers."""
    before, after = _scenarios(case)

    def run() -> ps.Comparison:
        return ps.compare(
            before, after, draws=0, replications=replications, seed=SEED + 1, workers=1
        )

    result, spent = _timed(run)
    option = result.options[0]
    row = option.rows.index((EXPECTED[outcome], "all"))
    difference, low, high = (
        float(option.columns()[name][row]) for name in ("difference", "low", "high")
    )
    return {
        "replications": replications,
        "seconds": spent,
        "difference": difference,
        "width": high - low,
        "width_over_difference": (high - low) / abs(difference),
    }


def spread_alike(outcome: str, measured: Measured) -> float:
    """Return the p-value of pathsim and SimPy having the same variance (two-sided F test).

    Raises ValueError where there is no rival.
    """
    if measured.rival is None:
        raise ValueError("only a case with a rival has two variances to compare")
    ours, theirs = (
        np.concatenate([arm - arm.mean() for arm in (s.before[outcome], s.after[outcome])])
        for s in (measured.unpaired, measured.rival)
    )
    freedom = len(ours) - 2, len(theirs) - 2
    ratio = (ours**2).sum() / freedom[0] / ((theirs**2).sum() / freedom[1])
    return float(2 * min(stats.f.cdf(ratio, *freedom), stats.f.sf(ratio, *freedom)))


def time_to_answer(
    *,
    rounds: int = ROUNDS,
    replications: int = REPLICATIONS,
    rival_replications: int = RIVAL_REPLICATIONS,
) -> dict[str, Any]:
    """Return the tables of all questions and the answer to the first, as plain data for JSON."""
    tables: list[Row] = []
    alike: dict[str, float] = {}
    for case in ("m2", "dorset"):
        measured = measure(
            case,
            rounds=rounds,
            replications=replications,
            rival_replications=rival_replications,
        )
        for outcome in EXPECTED:
            tables += rows(case, outcome, measured)
            if measured.rival is not None:
                alike[outcome] = spread_alike(outcome, measured)
    asked = next(row for row in tables if "expectation" in row.method)
    plain = [row._asdict() for row in tables]
    for each in plain:
        # The first row of a table has none before it, and JSON no nan.
        each["factor"] = None if math.isnan(each["factor"]) else each["factor"]
    return {
        "rows": plain,
        "same_variance_p": alike,
        "answer": answer(asked.case, asked.outcome, replications=asked.replications),
    }


def as_text(result: dict[str, Any]) -> str:
    """Return the tables for people."""
    head = f"{'method':36}{'s a pair':>10}{'sd a pair':>11}{'pairs':>12}{'CPU s':>11}"
    lines = []
    for row in result["rows"]:
        if row["factor"] is None:
            lines += ["", f"{row['case']}: {row['outcome']}", f"{head}{'factor':>10}{'in all':>13}"]
        factor = "" if row["factor"] is None else f"{row['factor']:,.2f}x"
        lines.append(
            f"{row['method']:36}{row['seconds_per_pair']:>10.4f}{row['sd']:>11.2e}"
            f"{row['replications']:>12,}{row['seconds']:>11,.2f}{factor:>10}"
            f"{row['factor_in_all']:>12,.0f}x"
        )
    found = result["answer"]
    lines += [
        "",
        f"the first question, put with {found['replications']} pairs: {found['difference']:.6f}, "
        f"interval {found['width_over_difference']:.1%} of it wide, "
        f"{found['seconds']:.2f} CPU s with loading",
    ]
    return "\n".join(lines[1:]) + "\n"


def main(path: str | None = None) -> None:
    """Measure, print the tables and write the JSON to `path` if one is given."""
    result = time_to_answer()
    sys.stdout.write(as_text(result))
    if path is not None:
        Path(path).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:2])
