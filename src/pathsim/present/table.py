"""Tables for the shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from pathsim.outcomes.bases import base_lines
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible

from .rows import (
    CUSTODY_BOOKS,
    CUSTODY_BOOKS_MEAN,
    change_words,
    changes_by_phase,
    cost_means,
    custody_book_differences,
    effect_words,
    headline_differences,
    headline_means,
    load_differences,
    load_heads,
    load_means,
    not_offered,
)
from .words import DIFFERENCE_HEADS, MEAN_HEADS, alike_legend, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from pathsim.outcomes.results import Comparison, OptionResult, Run

    from .words import DifferenceWords

_DOUBT = """\
difference: option minus baseline, the mean over {draws} states of the world that fit the evidence,
with the 95% interval of doubt about what is to be expected.
chance better: share of these states in which the option is to be expected to do better.
years better: share of single years, with their luck, that would show it; ties count half.
expected: the hazard met in place of the reoffences drawn from it; the same mean, less luck.
"""
_LUCK = """\
difference: option minus baseline, the mean over paired replications, with its 95% interval.
years better: share of single years, with their luck, that show the option better; ties count half.
expected: the hazard met in place of the reoffences drawn from it; the same mean, less luck.
"""
_UNPAIRED = """\
UNPAIRED: the scenarios follow different people ({people}), each on random numbers of its own.
Totals are those of so many people; the difference is of means, with Welch's 95% interval.
years better: share of all pairs of a replication here and there in which the option does better.
"""
_COSTS = """\
costs: the public purse pays cash; what crime costs society is harm valued in pounds, which nobody
saves in cash. Their total is both together."""
_CHANGES = 8
"""Changed values told of an option."""
_ONLY_LUCK = """\
The intervals show luck only: how well these replications fix the mean. What is not known of
effects, prices and people is not in them."""
_CALIBRATION = "The intervals cover luck and the calibration, not doubt about the effects."
_DRAWN = """\
Drawn in each state: {doubted}. Not drawn: choices, who the people are, what has no interval,
and a fit without its sample (pathsim evidence SCENARIO --doubt lists both)."""


def comparison_tables(comparison: Comparison, *, narrow: bool = False) -> Iterator[Table | Text]:
    """Yield one table for each option, then what the columns mean and where it comes from.

    narrow: leave out the option's level and, where there is the chance, the years.
    """
    shown = _columns(in_doubt=comparison.in_doubt, narrow=narrow)
    written: list[str] = []
    by_price = False
    for option in comparison.options:
        title = option.request.title + (f"  ({option.request.file})" if option.request.file else "")
        books = custody_book_differences(option)
        by_price = by_price or bool(books)
        priced = _under({CUSTODY_BOOKS: books} if books else {})
        rows = [*headline_differences(option), *priced, *_under(load_differences(option))]
        heads, *cut = ([row[n] for n in shown] for row in (DIFFERENCE_HEADS, *rows))
        written += (cell for row in cut for cell in row)
        yield _table(title, heads, cut)
        yield _line(_changes(option) + _rests_on(option))
    different = comparison.provenance["unpaired"]
    people = " against ".join(f"{number:,}" for number in different)
    legend = _UNPAIRED.format(people=people) if different else _legend(comparison)
    legend += _alike(written, compared=True)
    legend += f"{CUSTODY_BOOKS_MEAN}\n" if by_price else ""
    yield Text(
        f"{_bases(comparison.baseline)}{legend}{_COSTS}\n{_covered(comparison.provenance)}",
        style="dim",
    )
    yield _origin(f"baseline: {comparison.baseline.request.title}", comparison.provenance)


def _columns(*, in_doubt: bool, narrow: bool) -> tuple[int, ...]:
    """Return the columns shown of `DIFFERENCE_HEADS`; without doubt there is no chance to show."""
    levels = (0, 1, 3, 4) if narrow else (0, 1, 2, 3, 4)
    if not in_doubt:
        return (*levels, 6)
    return (*levels, 5) if narrow else (*levels, 5, 6)


def _legend(comparison: Comparison) -> str:
    if not comparison.in_doubt:
        return _LUCK
    return _DOUBT.format(draws=comparison.provenance["draws"])


def _covered(origin: Mapping[str, Any]) -> str:
    """Return what the intervals cover, and what not."""
    if origin["draws"]:
        return _DRAWN.format(doubted=counted(origin["doubted"], "quantity", "quantities"))
    return _CALIBRATION if origin["posterior_draws"] else _ONLY_LUCK


def run_tables(run: Run) -> Iterator[Table | Text]:
    """Yield the headline outcomes, the costs by payer and the load on the services."""
    means = headline_means(run)
    yield _table(run.request.title, MEAN_HEADS, means)
    costs = cost_means(run)
    if costs:
        yield _table("Costs by payer", MEAN_HEADS, costs)
    loads = load_means(run)
    if loads:
        yield _table(
            "Services", load_heads(run), [(name, *numbers) for name, numbers in loads.items()]
        )
    closed = not_offered(run)
    if closed:
        yield _line(f"without places, and so without a queue: {'; '.join(closed)}")
    same = _alike((cell for row in (*means, *costs) for cell in row), compared=False)
    yield Text(f"{_bases(run)}{same}{_COSTS}\n{_covered(run.provenance)}", style="dim")
    yield _origin("", run.provenance)


def _bases(run: Run) -> str:
    """Return the lines that say of what the outcomes are."""
    return "".join(f"{line}.\n" for line in base_lines(run.request.scenario))


def _alike(cells: Iterable[str], *, compared: bool) -> str:
    """Return the lines that explain intervals such as `none in 20 (<14%)`, if there are any."""
    found = alike_legend(" ".join(cells), compared=compared)
    return "".join(f"{interval}: {meaning}.\n" for interval, meaning in found.items())


def _line(text: str) -> Text:
    return Text(visible(text, keep="\n"), style="dim")


def _changes(option: OptionResult) -> str:
    """Return what an option changes, a line each; of one with days, under those of each phase."""
    lines, left = [], _CHANGES
    for days, changed in changes_by_phase(option).items():
        told = [
            f"{change_words(change, option.request.scenario)}: {_value(change.before)} to "
            f"{_value(change.after)}\n"
            for change in changed[:left]
        ]
        left -= len(told)
        if told:
            head = f"changes {days}:\n  " if days else "changes: "
            lines.append(head + ("  " if days else "").join(told))
    more = sum(map(len, changes_by_phase(option).values())) - _CHANGES
    if more > 0:
        lines.append(f"and {counted(more, 'more value')}\n")
    return "".join(lines)


def _value(value: object) -> str:
    if value is None:
        return "nothing"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)


def _rests_on(option: OptionResult) -> str:
    words = [effect_words(effect, option.request.scenario) for effect in option.effects()]
    return f"rests on: {'; '.join(words) or 'no effect of a service'}\n"


def _under(parts: Mapping[str, Iterable[DifferenceWords]]) -> Iterator[Sequence[str]]:
    """Yield a line with the title of each part, such as a service, then its rows, set in."""
    for name, rows in parts.items():
        yield (name, *[""] * (len(DIFFERENCE_HEADS) - 1))
        for words in rows:
            yield words._replace(outcome=f"  {words.outcome}")


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    # Text, not str: a title is the user's and may look like markup.
    table = Table(
        title=Text(visible(title), style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for number, head in enumerate(heads):
        narrow = head in ("chance better", "years better")
        table.add_column(
            head.replace(" ", "\n") if narrow else head,
            justify="right" if number else "left",
            no_wrap=bool(number) and not narrow,
        )
    for row in rows:
        table.add_row(*(Text(visible(cell)) for cell in row))
    return table


def _origin(first: str, origin: Mapping[str, Any]) -> Text:
    words = [
        first,
        f"{origin['people']:,} people"
        + (f" of {origin['people_from']}" if origin["people_from"] else ""),
        f"scale {origin['scale']:g}" if origin["scale"] != 1.0 else "",
        effort(origin),
        f"seed {origin['seed']}",
        f"{origin['engine']} engine",
        seconds(origin["elapsed_seconds"]),
        f"pathsim {origin['version']}, source {origin['source']['sha256'][:12]}, "
        f"inputs {origin['inputs_sha256'][:12]}",
    ]
    return _line("; ".join(word for word in words if word))
