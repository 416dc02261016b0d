"""Write docs/options.md: all Dorset options with the effects they rest on. `make options`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pathsim as ps

if TYPE_CHECKING:
    from pathsim.outcomes.results import OptionResult

ROOT = Path(__file__).parent.parent
REPLICATIONS = 200
HEAD = """\
# The Dorset options

Every option in `scenarios/dorset/` against the baseline: {people:,} people,
{replications} replications, seed 1, on the same random numbers. Differences are means
with 95% intervals of chance; doubt about the effects themselves is in the last column, with
its interval and grade, and is mostly larger. Written by `make options`.

"""
COLUMNS = (
    "option",
    "proven reoffending, points",
    "reoffences from the sentence, per 1,000 people",
    "cost, £ thousand",
    "rests on",
)


def main() -> None:
    """Compare the options and write the page."""
    folder = ROOT / "scenarios" / "dorset"
    files = sorted(path for path in folder.glob("*.toml") if path.stem != "baseline")
    options = [ps.load(path) for path in files]
    result = ps.compare(
        ps.load(folder / "baseline.toml"), options, replications=REPLICATIONS, seed=1
    )
    head = HEAD.format(people=result.provenance["people"], replications=REPLICATIONS)
    head += f"| {' | '.join(COLUMNS)} |\n|---|---:|---:|---:|---|\n"
    lines = [_line(option) for option in result.options]
    (ROOT / "docs" / "options.md").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def _line(option: OptionResult) -> str:
    rests_on = "; ".join(
        f"`{effect.key}` {effect.in_words().partition(' ')[2]}" for effect in option.effects()
    )
    cells = [
        option.asked.title,
        _difference(option, "proven_reoffending_rate", 100),
        _difference(option, "reoffences_from_sentence_per_person", 1000),
        _difference(option, "cost_total", 1e-3),
        rests_on or "the rules of the justice system alone",
    ]
    return f"| {' | '.join(cells)} |"


def _difference(option: OptionResult, outcome: str, scale: float) -> str:
    row = option.rows.index((outcome, "all"))
    columns = option.columns()
    mean, low, high = (float(columns[name][row]) * scale for name in ("difference", "low", "high"))
    return f"{mean:+.3g} ({low:+.3g} to {high:+.3g})"


if __name__ == "__main__":
    main()
