"""`pathsim sweep`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pathsim.cli.options import BaselineFile, StatesOptions, with_study_options
from pathsim.cli.printing import console, print_json, print_parts
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.table import Table
    from rich.text import Text

    from pathsim.decision.sweep import Sweep

_ALLOWED: Final = "KEY=START:STOP:STEP, such as services.gps_tag.capacity=0:60:6; STOP is included"
_MOST: Final = 200
_ROUNDING: Final = 1e-9


@with_study_options
def sweep(
    baseline: BaselineFile,
    *,
    study: StatesOptions,
    lever: Annotated[
        str, typer.Option("--set", metavar="KEY=START:STOP:STEP", help="The lever and its levels.")
    ],
    target: Annotated[
        str | None,
        typer.Option(
            metavar="OUTCOME<=VALUE",
            help="What a level must come to, such as service.mhtr.mean_wait_days<=14.",
        ),
    ] = None,
) -> None:
    """Move one lever through its levels: what each brings, and where it stops helping."""
    from pathsim.decision.sweep import sweep as sweep_through
    from pathsim.present.progress import shown_progress

    key, levels = parse_levels(lever)
    with shown_progress() as progress:
        found = sweep_through(
            baseline, key, levels, target=target, progress=progress, **study.arguments()
        )
    if study.as_json:
        print_json(found.to_dict())
    else:
        print_parts(console(), _parts(found))


def parse_levels(text: str) -> tuple[str, list[float]]:
    """Return the key and the levels of `KEY=START:STOP:STEP`. Raises InputError."""
    from pathsim.decision.sweep import FIGURES

    key, equals, span = text.rpartition("=")
    try:
        start, stop, step = (float(each) for each in span.split(":"))
    except ValueError:
        equals = ""
        start = stop = step = 0.0
    if not equals or not key or not step > 0.0 or not stop > start:
        raise InputError(Problem("is no lever", key="--set", found=text, allowed=_ALLOWED))
    steps = (stop - start) / step
    if not steps < _MOST:
        allowed = f"{_MOST} levels at most"
        raise InputError(Problem("has too many levels", key="--set", found=text, allowed=allowed))
    levels = (start + k * step for k in range(int(steps + _ROUNDING) + 1))
    return key, [float(f"{level:{FIGURES}}") for level in levels]


def _parts(found: Sweep) -> Iterator[Table | Text]:
    from rich.table import Table
    from rich.text import Text

    from pathsim.decision.sweep import FIGURES
    from pathsim.outcomes.names import meaning
    from pathsim.outcomes.provenance import effort
    from pathsim.present.words import chance, style
    from pathsim.text import counted, visible

    for outcome, rows in found.table.groupby("outcome", sort=False):
        what = meaning(str(outcome))
        table = Table(title=visible(f"{outcome}: {what.title}"), title_justify="left")
        for head in ("level", "value", "difference", "95% interval", "chance better"):
            table.add_column(head, justify="right")
        ends = [float(end) for end in (*rows["low"], *rows["high"])]
        written = style(what.unit, float(rows["value"].max()), *ends)
        for row in rows.itertuples():
            own = "" if row.level != found.baseline_level else " (baseline)"
            table.add_row(
                f"{float(str(row.level)):{FIGURES}}{own}",
                written.value(float(str(row.value))),
                written.difference(float(str(row.difference))),
                written.interval(float(str(row.low)), float(str(row.high))),
                chance(float(str(row.probability_better))),
            )
        yield table
    yield Text(visible(found.sentence()), style="bold")
    origin = found.comparison.provenance
    drawn = counted(origin["doubted"], "quantity", "quantities")
    yield Text(f"{effort(origin)}; {drawn} drawn", style="dim")
