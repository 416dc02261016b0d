"""A decision in the shell: one table of what options are worth, and a paragraph for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pathsim.decision.equality import equality_sentence
from pathsim.decision.sentence import chance_words, of_the_set, paragraph
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible

from .words import UNDEFINED, money, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.decision.decide import Decision, OptionDecision
    from pathsim.decision.told import Told

    from .words import Style

_LEGEND = """\
Gains are above 0, present values over {years} years of one cohort a year; in brackets 95% of doubt.
worth: to everybody, victims included. public: what the public purse saves. chance: of 100 states of
the world that fit the evidence, those in which it is worth it, or saves. fewer: proven reoffences
of one year's people. Optimism bias is taken off by the weakest evidence that an option rests on."""


def decision_parts(decision: Decision) -> Iterator[Table | Text]:
    """Yield the table, the paragraph of the set, one of each option, and what they rest on."""
    amounts = money([abs(each.npsv.mean) for each in decision.options])
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("option")
    for head in ("worth", "chance", "public", "chance", "fewer"):
        table.add_column(head, justify="right", no_wrap=True)
    for each in decision.options:
        table.add_row(*(Text(cell) for cell in _cells(each, amounts)))
    yield table
    yield Text(visible(of_the_set(decision)), style="bold")
    for each in decision.options:
        yield Text(visible(f"{paragraph(each)} {equality_sentence(each.equality)}".strip()))
    origin = decision.comparison.provenance
    yield Text(
        f"{_LEGEND.format(years=decision.terms.years)}\n{effort(origin)}; "
        f"{counted(origin['doubted'], 'quantity', 'quantities')} drawn; seed {origin['seed']}; "
        f"{seconds(origin['elapsed_seconds'])}",
        style="dim",
    )


def _cells(each: OptionDecision, amounts: Style) -> tuple[str, ...]:
    return (
        visible(each.title),
        _range(each.npsv, amounts),
        _chance(each.npsv),
        _range(each.public, amounts),
        _chance(each.public),
        f"{each.avoided.mean:,.0f}\n({each.avoided.low:,.0f}\nto {each.avoided.high:,.0f})",
    )


def _chance(told: Told) -> str:
    return chance_words(told).replace(" than ", "\nthan ")


def _range(told: Told, amounts: Style) -> str:
    low, high = amounts.interval(told.low, told.high).split(" to ")
    shown = amounts.difference(told.mean)
    return UNDEFINED if shown == UNDEFINED else f"{shown}\n({low}\nto {high})"
