"""An option's difference taken apart, in the shell: the parts, who changed most, and one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from pathsim.decision.ledger import FIGURES
from pathsim.decision.shapley import TOGETHER
from pathsim.outcomes.names import meaning
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible

from .titled import titled
from .words import UNDEFINED, style

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.decision.explained import Explanation
    from pathsim.decision.shapley import Shares

_HEADS: Final = {
    "reoffences_total": "offences",
    "reoffences_from_sentence": "in a year",
    "days_in_custody": "custody days",
    "days_homeless": "homeless days",
    "cost_public": "public £",
    "cost_society": "society £",
}
_MOST: Final = 8
_SHARES: Final = """\
Options less the baseline. alone: what an option does by itself. share of all: what it adds to those
taken before it, the mean over all orders; shares add up to what all do together."""
_LEGEND: Final = """\
The option less the baseline, within the horizon, means over {replications}. direct: what differs
first is about what the option changes; displaced: a service is started later, or never; knock-on: a
place or a queue that others left; places: what is paid whoever uses them. in a year: from the
sentence. Every quantity has its central value, so what spreads is luck; seed {seed}."""


def explained_parts(found: Explanation, *, person: str | None) -> Iterator[Table | Text]:
    """Yield the parts, the people who changed most and how it was made; or one person's life."""
    if person is not None:
        yield _life(found, person)
        return
    yield _parts(found)
    if len(found.people):
        yield _people(found)
    yield Text(visible(found.sentence()), style="bold")
    replications = counted(found.ledger.replications, "replication")
    yield Text(_LEGEND.format(replications=replications, seed=found.seed), style="dim")


def share_parts(found: Shares) -> Iterator[Table | Text]:
    """Yield for each outcome what options do alone and together, and how it was made."""
    for outcome, rows in found.table.groupby("outcome", sort=False):
        what = meaning(str(outcome))
        table = titled(what.title, ("option", "alone", "share of all", "95% interval"))
        told = rows.to_dict(orient="records")
        ends = [float(each[end]) for each in told for end in ("low", "high")]
        written = style(what.unit, max(abs(float(each["share"])) for each in told), *ends)
        for each in told:
            alone = UNDEFINED if each["option"] == TOGETHER else written.difference(each["alone"])
            span = written.interval(each["low"], each["high"])
            table.add_row(visible(each["option"]), alone, written.difference(each["share"]), span)
        yield table
    origin = found.comparison.provenance
    yield Text(f"{_SHARES}\n{effort(origin)}; seed {origin['seed']}", style="dim")


def _parts(found: Explanation) -> Table:
    heads = ("part", "people", *_HEADS.values())
    table = titled(f"{found.option.title}: what changes, and for whom", heads)
    for part, rows in found.parts.groupby("part", sort=False):
        means = dict(zip(rows["figure"], rows["mean"], strict=True))
        people = f"{float(rows['people'].iloc[0]):,.0f}" if part != "places" else ""
        table.add_row(str(part), people, *(_number(name, means[name]) for name in FIGURES))
    return table


def _people(found: Explanation) -> Table:
    title = f"Those who changed most in replication {found.replication}"
    table = titled(title, ("person", "part", "from day", *_HEADS.values()), words=2)
    for row in found.people.head(_MOST).to_dict(orient="records"):
        cells = (_number(name, row[name]) for name in FIGURES)
        table.add_row(visible(row["person"]), row["cause"], f"{row['day']:,.0f}", *cells)
    return table


def _number(figure: str, value: float) -> str:
    few = abs(value) < 10 and figure.startswith("reoffences")
    told = f"{value:+,.1f}" if few else f"{value:+,.0f}"
    return "0" if float(told.replace(",", "")) == 0.0 else told


def _life(found: Explanation, person: str) -> Table:
    life = found.life(person)
    title = f"{life.id} in replication {found.replication}, {life.cause}"
    table = titled(title, ("day", "without the option", "with it"), words=3)
    table.columns[0].justify = "right"
    for row in found.timeline(person).to_dict(orient="records"):
        weight = "" if row["without"] == row["with"] else "bold"
        sides = (visible(row["without"]), visible(row["with"]))
        table.add_row(f"{row['day']:,.1f}", *sides, style=weight)
    return table
