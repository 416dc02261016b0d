"""Sheets put together to one file, which is the same to the byte for the same results."""

from __future__ import annotations

import io
import warnings
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from .cells import text
from .costs import by_payer, by_year
from .equality import equality
from .finish import with_language
from .layout import aligned, heights, lay_out, widths
from .load import load
from .long import write_long
from .manifest import manifest
from .notes import NOTES, SHORTHAND
from .outcomes import by_group, headline
from .quiet_gptables import gptables
from .rests import rests_on
from .value import decided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .cells import Cell
    from .sheet import Sheet

_OPTIONS: Final = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
_CONTENTS, _NOTES, _COVER = "Contents", "Notes", "Cover"
_HEAD_ROW: Final = 2
"""Of every table, below its title and how to read it; counted from 0."""
_A4: Final = 9
"""Paper, by Excel's number for it."""


def workbook(told: Mapping[str, Any]) -> bytes:
    """Return a comparison as a workbook (.xlsx).

    told: what `results.json` holds, with `decision` where states of the world were drawn and
    `about` in each option. Text in it is data: no cell becomes a formula or a link.
    """
    sheets = [sheet for sheet in _sheets(told) if sheet.rows]
    short = [sheet for sheet in sheets if not sheet.long]
    cover, notes = _cover(told), _notes(short)
    file = io.BytesIO()
    with warnings.catch_warnings():
        # gptables 2.0 calls pandas in ways that pandas 3 will change (Pandas4Warning), and warns
        # that the notes, which are written here, are not there.
        warnings.filterwarnings("ignore", module=r"(gptables|pandas)\b")
        book = gptables.produce_workbook(
            file,
            {_CONTENTS: _contents(sheets)} | {sheet.label: _table(sheet) for sheet in short},
            cover=cover,
            contentsheet_label=None,
            notes_table=notes,
            notesheet_options={"title": "Notes", "instructions": "This sheet has one table."},
            auto_width=False,
            workbook_options=dict(_OPTIONS),
        )
    for sheet in sheets:
        if sheet.long:
            write_long(book, sheet)
        else:
            _lay_out(book, sheet)
    _lay_out_front(book, sheets, cover, notes)
    for each in book.worksheets():
        each.set_landscape()
        each.set_paper(_A4)
        each.fit_to_pages(1, 0)  # as wide as a page, as long as it needs
    order = [_COVER, _CONTENTS, _NOTES, *(sheet.label for sheet in sheets)]
    book.worksheets_objs.sort(key=lambda each: order.index(each.get_name()))
    book.set_properties(
        {
            "title": _title(told),
            "subject": "Simulated differences between options and a baseline",
            "author": f"pathsim {told['run']['version']}",
            "created": _finished(told),
        }
    )
    book.close()
    return with_language(file.getvalue(), "en-GB")


def _sheets(told: Mapping[str, Any]) -> Iterator[Sheet]:
    yield headline(told)
    yield by_payer(told)
    yield by_year(told)
    yield from decided(told)
    yield from equality(told)
    yield from rests_on(told)
    yield load(told)
    yield from by_group(told)
    yield manifest(told)


def _title(told: Mapping[str, Any]) -> str:
    return text(f"Options beside {told['baseline']['title']}")


def _cover(told: Mapping[str, Any]) -> gptables.Cover:
    run = told["run"]
    doubt = (
        f"{run['draws']:,} states of the world with {run['replications_per_draw']:,} "
        "replications each"
        if run["draws"]
        else f"{run['replications']:,} replications at central values; intervals show luck only"
    )
    paragraph = told.get("decision", {}).get("paragraph", "")
    return gptables.Cover(
        title=_title(told),
        intro=[
            *(text(f"Option: {option['title']}") for option in told["options"]),
            *([text(paragraph)] if paragraph else []),
            f"Simulated: {run['people']:,} people, {doubt}, seed {run['seed']}.",
            text(f"Finished {run['finished']} by pathsim {run['version']}."),
        ],
        about=[
            "Every figure is that of results.json beside this file, to 15 digits.",
            "Each sheet has one table; the contents list them and the notes explain them.",
            *SHORTHAND,
            "Figures are simulated. They are estimates with the doubt that stands beside them.",
        ],
    )


def _contents(sheets: list[Sheet]) -> gptables.GPTable:
    rows = _listed(sheets)
    table = pd.DataFrame(
        {
            "Sheet": [{label: f"internal:'{label}'!A1"} for label, _ in rows],
            "Table": [title for _, title in rows],
        }
    )
    return gptables.GPTable(
        table=table,
        table_name="contents_table",
        title="Contents",
        instructions="This sheet has one table, with a link to each sheet.",
        index_columns={2: 0},
    )


def _listed(sheets: list[Sheet]) -> list[tuple[str, str]]:
    return [(_NOTES, "Notes on the tables"), *((each.label, each.title) for each in sheets)]


def _table(sheet: Sheet) -> gptables.GPTable:
    heads = list(sheet.heads)
    numbers = sheet.number_columns
    forms: list[dict[str, Any]] = [
        {"row": {"rows": [row], "format": {"num_format": shown}}}
        for row, shown in enumerate(sheet.row_formats, start=1)
    ]
    for column, head in enumerate(heads):
        form = aligned(column, number=column in numbers)
        if head in sheet.formats:
            form = form | {"num_format": sheet.formats[head]}
        forms.append({"column": {"columns": [column], "format": form}})
    return gptables.GPTable(
        table=pd.DataFrame(sheet.rows, columns=heads, dtype=object),
        table_name=sheet.table_name,
        title=sheet.title,
        instructions=sheet.says,
        table_notes={head: f"$${note}$$" for head, note in sheet.notes.items()},
        index_columns={2: 0},
        additional_formatting=forms,
    )


def _notes(sheets: list[Sheet]) -> pd.DataFrame:
    names = dict.fromkeys(note for sheet in sheets for note in sheet.notes.values())
    return pd.DataFrame({"Note": list(names), "Text": [NOTES[name] for name in names]})


def _lay_out(book: gptables.GPWorkbook, sheet: Sheet) -> None:
    heads = [f"{head}\n[note 1]" if head in sheet.notes else head for head in sheet.heads]
    worksheet = book.get_worksheet_by_name(sheet.label)
    lay_out(worksheet, [heads, *sheet.rows], widths(sheet), _HEAD_ROW)


def _lay_out_front(
    book: gptables.GPWorkbook, sheets: list[Sheet], cover: gptables.Cover, notes: pd.DataFrame
) -> None:
    """Lay out the sheets before the tables: cover, contents and notes."""
    contents = [("Sheet", "Table"), *_listed(sheets)]
    lay_out(book.get_worksheet_by_name(_CONTENTS), contents, (32.0, 80.0), _HEAD_ROW)
    told: list[tuple[Cell, ...]] = [("Note number", "Text")]
    told += [(1, str(said)) for said in notes["Text"]]
    lay_out(book.get_worksheet_by_name(_NOTES), told, (14.0, 100.0), _HEAD_ROW)
    # Each part of the cover has a heading of its own above it.
    lines = [cover.title, "", *cover.intro, "", *cover.about]
    heights(book.get_worksheet_by_name(_COVER), lines, cover.width)


def _finished(told: Mapping[str, Any]) -> datetime:
    """Return when the run was finished: that, and not now, so that the bytes are the same."""
    return datetime.fromisoformat(told["run"]["finished"]).astimezone(UTC).replace(tzinfo=None)
