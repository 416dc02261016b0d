"""Tables as HTML, for notebooks and the report. All text is escaped here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.outcomes.bases import base_lines
from pathsim.outcomes.results import Comparison, OptionResult
from pathsim.text import in_html

from .rows import (
    CUSTODY_BOOKS,
    cost_means,
    custody_book_differences,
    headline_differences,
    headline_means,
    load_differences,
    load_heads,
    load_means,
    not_offered,
)
from .words import DIFFERENCE_HEADS, MEAN_HEADS, DifferenceWords

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathsim.outcomes.results import Run


def html_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = True
) -> str:
    """Return a table with a caption and headings for every row and column.

    numbers: whether all columns but the first are numbers, and so set to the right.
    """
    kind = ' class="numbers"' if numbers else ""
    top = "".join(f'<th scope="col">{in_html(head)}</th>' for head in heads)
    body = "".join(
        f'<tr><th scope="row">{in_html(first)}</th>'
        + "".join(f"<td>{in_html(cell)}</td>" for cell in rest)
        + "</tr>\n"
        for first, *rest in rows
    )
    return (
        f"<table{kind}><caption>{in_html(caption)}</caption>\n"
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody></table>\n"
    )


def result_tables(result: Comparison | OptionResult | Run) -> str:
    """Return a result's headline tables."""
    if isinstance(result, OptionResult):
        return _option_tables(result)
    if isinstance(result, Comparison):
        return "".join(map(_option_tables, result.options)) + bases_list(result.baseline)
    return run_tables(result) + bases_list(result)


def _option_tables(option: OptionResult) -> str:
    return html_table(option.title, DIFFERENCE_HEADS, outcome_rows(option)) + custody_books_table(
        option
    )


def bases_list(run: Run) -> str:
    """Return of what the outcomes are, as a list."""
    lines = base_lines(run.request.scenario)
    return f"<ul>{''.join(f'<li>{in_html(line.capitalize())}.</li>' for line in lines)}</ul>"


def outcome_rows(option: OptionResult) -> list[DifferenceWords]:
    """Return the headline outcomes, then the load on the services that the option changes."""
    loads = [
        words._replace(outcome=f"{name}: {words.outcome}")
        for name, rows in load_differences(option).items()
        for words in rows
    ]
    return [*headline_differences(option), *loads]


def custody_books_table(option: OptionResult) -> str:
    """Return the public cost at each price of custody; empty if days in custody do not change."""
    rows = custody_book_differences(option)
    return html_table(CUSTODY_BOOKS, DIFFERENCE_HEADS, rows) if rows else ""


def run_tables(run: Run) -> str:
    """Return one scenario's headline outcomes, costs by payer and load on services."""
    tables = html_table(run.request.title, MEAN_HEADS, headline_means(run))
    tables += html_table("Costs by payer", MEAN_HEADS, cost_means(run))
    loads = load_means(run)
    if loads:
        rows = [(name, *numbers) for name, numbers in loads.items()]
        tables += html_table("Services", load_heads(run), rows)
    closed = not_offered(run)
    if closed:
        tables += f"<p>Without places, and so without a queue: {in_html('; '.join(closed))}.</p>\n"
    return tables
