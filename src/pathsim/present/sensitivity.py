"""What differences hang on in the shell: how far each quantity moves them, shares, sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pathsim.decision.sensitive import NET_BENEFIT
from pathsim.outcomes.names import meaning
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible

from .words import UNDEFINED, seconds, style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.decision.sensitive import OptionSensitivity, Sensitivity
    from pathsim.decision.sensitivity.told import Moved

    from .words import Style

_LEGEND = """\
low to high: the middle 95% of a quantity, and the difference from the baseline to be expected at
either end, the others as they were drawn. share: of the variance of the difference in a single
replication; chance is what more evidence would not take away. Morris: mean size of what a quantity
moves from end to end, by the {of}. first, total: of the variance of what is to be expected,
what a quantity does by itself, and with all others (Sobol's indices; quantities taken as
independent)."""


def sensitivity_parts(found: Sensitivity) -> Iterator[Table | Text]:
    """Yield for each option its table and sentences, then what turns any two, and the effort."""
    for each in found.options:
        yield _table(found, each)
        yield Text(visible(" ".join(_said(each.moved, _style(found, each)))))
    for pair in found.between:
        yield Text(visible(pair.sentence()))
    origin = found.comparison.provenance
    of = " and ".join(dict.fromkeys(each.moved.morris_of for each in found.options))
    yield Text(
        f"{_LEGEND.format(of=of)}\n{effort(origin)}; "
        f"{counted(origin['doubted'], 'quantity', 'quantities')} drawn; seed {origin['seed']}; "
        f"{seconds(origin['elapsed_seconds'])}",
        style="dim",
    )


def _table(found: Sensitivity, each: OptionSensitivity) -> Table:
    over = f" over {found.years} years" if _is_worth(found) else ""
    table = Table(
        title=visible(f"{each.title}: what its difference in {found.outcome}{over} hangs on"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("quantity", overflow="fold")
    for head in ("low to high", "at low", "at high", "share", "Morris", "first", "total"):
        table.add_column(head, justify="right")
    written = _style(found, each)
    moved = each.moved
    swings = {row["input"]: row for row in moved.tornado.to_dict(orient="records")}
    sizes = moved.morris.set_index("input")["mu_star"].to_dict()
    indices = {} if moved.sobol is None else moved.sobol.set_index("input").to_dict("index")
    shares = dict(zip(moved.shares["input"], moved.shares["share"], strict=True))
    for name, row in swings.items():
        own = indices.get(name)
        table.add_row(
            visible(str(name)),
            f"{row['low']:.3g} to {row['high']:.3g}",
            written.difference(row["at_low"]),
            written.difference(row["at_high"]),
            _percent(shares.pop(name)),
            written.value(sizes[name]),
            *(_percent(own[key]) if own else UNDEFINED for key in ("s1", "st")),
        )
    for rest, share in shares.items():
        table.add_row(rest, "", "", "", _percent(share), "", "", "")
    return table


def _said(moved: Moved, written: Style) -> Iterator[str]:
    if not moved.inputs:
        yield "No quantity goes with it by more than chance would."
    elif math.isfinite(moved.quality.r2_doubt):
        yield (
            f"The emulator foresees {100 * moved.quality.r2_doubt:.0f}% of the doubt about unseen "
            f"states (R2 of their means, chance included: {moved.quality.r2:.2f})."
        )
    if moved.morris_chance > 0.0:
        yield f"In Morris's screening chance alone gives {written.value(moved.morris_chance)}."
    if moved.sobol_said:
        yield f"First and total shares are {moved.sobol_said}."
    if moved.failure is not None:
        yield moved.failure.sentence


def _style(found: Sensitivity, each: OptionSensitivity) -> Style:
    unit = "gbp" if _is_worth(found) else meaning(found.outcome).unit
    ends = each.moved.tornado[["at_low", "at_high"]].to_numpy().ravel().tolist()
    return style(unit, each.difference.mean, *ends)


def _is_worth(found: Sensitivity) -> bool:
    return found.outcome == NET_BENEFIT


def _percent(share: float) -> str:
    return UNDEFINED if math.isnan(share) else f"{100 * share:.0f}%"
