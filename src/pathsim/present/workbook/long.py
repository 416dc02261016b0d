"""Long tables, written row by row: gptables takes 50 microseconds a cell and much memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .layout import aligned, lay_out, widths

if TYPE_CHECKING:
    from .cells import Cell
    from .quiet_gptables import gptables
    from .sheet import Sheet

_FIRST_ROW = 2
"""Of the table, below its title and how to read it; counted from 0."""


def write_long(book: gptables.GPWorkbook, sheet: Sheet) -> None:
    """Add a sheet to `book` that looks as those of gptables do."""
    theme = book.theme
    worksheet = book.add_worksheet(sheet.label)
    worksheet.write_string(0, 0, sheet.title, book.add_format(theme.title_format))
    worksheet.write_string(1, 0, sheet.says, book.add_format(theme.instructions_format))
    numbers = sheet.number_columns
    columns = [sheet.formats.get(name) for name in sheet.heads]
    forms = {
        (shown, column): book.add_format(
            theme.data_format | {"num_format": shown} | aligned(column, number=column in numbers)
        )
        for shown in sorted({"General", *sheet.row_formats, *sheet.formats.values()})
        for column in range(len(sheet.heads))
    }
    heads = [
        book.add_format(theme.column_heading_format | aligned(column, number=column in numbers))
        for column in range(len(sheet.heads))
    ]
    for number, row in enumerate(sheet.rows):
        shown = sheet.row_formats[number] if sheet.row_formats else "General"
        for column, cell in enumerate(row):
            form = forms[columns[column] or shown, column]
            _write(worksheet, _FIRST_ROW + 1 + number, column, cell, form)
    lay_out(worksheet, [sheet.heads, *sheet.rows], widths(sheet), _FIRST_ROW)
    worksheet.add_table(
        _FIRST_ROW,
        0,
        _FIRST_ROW + max(len(sheet.rows), 1),
        len(sheet.heads) - 1,
        {
            "autofilter": False,
            "style": None,
            "name": sheet.table_name,
            "columns": [
                {"header": name, "header_format": head}
                for name, head in zip(sheet.heads, heads, strict=True)
            ],
        },
    )


def _write(worksheet: Any, row: int, column: int, cell: Cell, form: Any) -> None:
    if isinstance(cell, str):
        worksheet.write_string(row, column, cell, form)
    else:
        worksheet.write_number(row, column, cell, form)
