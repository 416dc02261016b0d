"""Write published ratios of benefit to cost beside the model's, in docs/how-do-we-know.md.

`make ratios`. What a programme spends is told apart by its price: options and baseline are run
with the services of the programmes at their price and at none, on the same random numbers.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import pathsim as ps
from pathsim.present.pages import row
from pathsim.study.calibration.pages import page_marks, replace_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.outcomes.results import OptionResult
    from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parent.parent
DORSET = ROOT / "scenarios" / "dorset"
BASELINE = DORSET / "baseline.toml"
PUBLISHED = ROOT / "docs" / "ratios.toml"
PAGE = ROOT / "docs" / "how-do-we-know.md"
MARKS = page_marks("ratios")
REPLICATIONS, SEED = 100, 1
BOOKS = {"public": "cost_public_average_refill_0", "both": "cost_total"}
"""The outcome whose fall is the benefit."""
IN_WORDS = {
    ("public", "all"): "public purse, custody at its average price",
    ("both", "all"): "public purse and victims, all crimes behind a proven one",
    ("both", "proven"): "public purse and victims, proven offences alone",
}
PRICES = (
    "cost_per_start_gbp",
    "cost_per_completion_gbp",
    "cost_per_day_gbp",
    "cost_per_place_year_gbp",
)
COLUMNS = (
    "programme",
    "published, per £1",
    "the model, per £1",
    "spent, £ thousand",
    "counted in the model's",
    "counted in the published",
    "why they differ",
)
HEAD = """
A pound for a programme is said to save so many. Below are ratios that programmes have published and
the model's of the Dorset option that is nearest, worked out on the basis that is nearest: what is
saved elsewhere over what the programme itself costs. The model's interval is of luck only; doubt
about effects is larger and is with each [option](options.md). Three years, discounted,
prices of 2021/22, {replications} replications, seed {seed}. Written by `make ratios`.

Inputs (scenario files, published figures, replications, seed), SHA-256: `{inputs}`

"""


@dataclass(frozen=True, kw_only=True)
class Programme:
    """A published ratio, and the option that is held beside it."""

    name: str
    option: str
    services: tuple[str, ...]
    books: Literal["public", "both"]
    crimes: Literal["all", "proven"]
    published: str
    source: str
    counts: str
    why: str


class Found(NamedTuple):
    """What an option spends on a programme and saves elsewhere, in pounds of the model."""

    spent: float
    saved: dict[str, tuple[float, float, float]]
    """By books: mean and 95% interval of chance."""

    def ratio(self, books: str) -> tuple[float, float, float]:
        """Return what a pound saves, with its interval."""
        mean, low, high = (pounds / self.spent for pounds in self.saved[books])
        return mean, low, high


def main() -> None:
    """Simulate, and write the section."""
    replace_between(PAGE, MARKS, section(programmes()))


def programmes() -> list[Programme]:
    """Return the published ratios, in the order of the page."""
    told = tomllib.loads(PUBLISHED.read_text(encoding="utf-8"))["programme"]
    return [Programme(**{**each, "services": tuple(each["services"])}) for each in told]


def section(shown: Sequence[Programme]) -> str:
    """Return the section."""
    lines = [row(COLUMNS), "|---|---:|---:|---:|---|---|---|"]
    results = find(shown)
    lines += [line(each, results[each.option, each.crimes]) for each in shown]
    head = HEAD.format(replications=REPLICATIONS, seed=SEED, inputs=inputs(shown))
    return head + "\n".join(lines) + "\n\n"


def line(programme: Programme, found: Found) -> str:
    """Return the row of a programme."""
    mean, low, high = found.ratio(programme.books)
    return row(
        (
            programme.name,
            f"{programme.published} ({programme.source})",
            f"{mean:.2f} ({low:.2f} to {high:.2f})",
            f"{found.spent / 1e3:.3g}",
            IN_WORDS[programme.books, programme.crimes],
            f"{programme.counts}.",
            f"{programme.why}.",
        )
    )


def inputs(shown: Sequence[Programme]) -> str:
    """Return the SHA-256 of what the section is made from."""
    found = sha256(f"{REPLICATIONS} {SEED}\n".encode())
    options = dict.fromkeys(DORSET / f"{each.option}.toml" for each in shown)
    for path in (PUBLISHED, BASELINE, *options):
        found.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def find(shown: Sequence[Programme]) -> dict[tuple[str, str], Found]:
    """Return what each option spends and saves elsewhere, by option and what crimes count.

    A result is the same whichever others are asked for.
    """
    return {
        (name, crimes): found
        for crimes in dict.fromkeys(each.crimes for each in shown)
        for name, found in _compare(shown, crimes).items()
    }


def _compare(shown: Sequence[Programme], crimes: str) -> dict[str, Found]:
    names = list(dict.fromkeys(each.option for each in shown if each.crimes == crimes))
    scenarios = [ps.load(DORSET / f"{name}.toml") for name in ("baseline", *names)]
    if crimes == "proven":
        scenarios = _changed(scenarios, "proven alone", _only_proven(scenarios[0]))
    free = _changed(scenarios, "without price", _no_price(scenarios[0]))
    sides = (_options(scenarios), _options(free))
    return {
        name: between(
            _difference(priced, "cost_public")[0],
            _difference(unpriced, "cost_public")[0],
            {books: _difference(unpriced, outcome) for books, outcome in BOOKS.items()},
        )
        for name, priced, unpriced in zip(names, *sides, strict=True)
    }


def between(
    priced: float, free: float, differences: dict[str, tuple[float, float, float]]
) -> Found:
    """Return what is spent and saved, from what an option adds to the public purse.

    priced, free: with the programme's services at their price and at none; differences: what
    it adds to each of the books at none, with its interval.
    """
    saved = {name: (-mean, -high, -low) for name, (mean, low, high) in differences.items()}
    return Found(priced - free, saved)


def _options(scenarios: Sequence[Scenario]) -> tuple[OptionResult, ...]:
    baseline, *options = scenarios
    return ps.compare(baseline, options, draws=0, replications=REPLICATIONS, seed=SEED).options


def _changed(
    scenarios: Sequence[Scenario], words: str, overrides: dict[str, float]
) -> list[Scenario]:
    return [each.change(f"{each.title}, {words}", overrides) for each in scenarios]


def _no_price(scenario: Scenario) -> dict[str, float]:
    """Return the prices of the services of all programmes, each as nothing."""
    services = dict.fromkeys(name for each in programmes() for name in each.services)
    return {
        f"services.{name}.{price}": 0.0
        for name in services
        for price in PRICES
        if getattr(scenario.services[name], price).value > 0.0
    }


def _only_proven(scenario: Scenario) -> dict[str, float]:
    """Return the multipliers of proven offences, each as 1."""
    costs = scenario.costs
    return {
        f"costs.{name}.{group}": 1.0
        for name in ("recorded_per_proven", "offences_per_proven")
        for group in getattr(costs, name)
    }


def _difference(option: OptionResult, outcome: str) -> tuple[float, float, float]:
    columns, place = option.columns(), option.rows.index((outcome, "all"))
    mean, low, high = (float(columns[name][place]) for name in ("difference", "low", "high"))
    return mean, low, high


if __name__ == "__main__":
    main()
