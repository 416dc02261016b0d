"""What every result can be written as: a table, plain data, or a file that is read back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import pandas as pd

from pathsim.files import write_whole
from pathsim.paths import path_of
from pathsim.spreadsheet import for_spreadsheets
from pathsim.text import as_json

from .registry import saver


class Saved(ABC):
    """A result that can be written to files."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON, as the shell gives it with `--json`."""

    @abstractmethod
    def _table_to_write(self) -> pd.DataFrame:
        """Return what `to_csv` writes."""

    def to_csv(self, path: str | Path | None = None) -> str | None:
        """Write the result's table as CSV, or return it as text where there is no `path`.

        Text that a spreadsheet would take for a formula has an apostrophe before it.

        Raises
        ------
        InputError
            When the file cannot be written; then nothing is.
        """
        table = for_spreadsheets(self._table_to_write())
        return _given(table.to_csv(index=False, lineterminator="\n"), path)

    def to_json(self, path: str | Path | None = None) -> str | None:
        """Write what `to_dict` returns as JSON, or return it as text where there is no `path`.

        Raises
        ------
        InputError
            When the file cannot be written; then nothing is.
        """
        return _given(as_json(self.to_dict()) + "\n", path)

    def save(self, path: str | Path) -> None:
        """Write all of the result to a file, plain JSON, which `pathsim.read_result` reads back.

        It holds every replication that the result keeps, so it may be large.

        Raises
        ------
        InputError
            When the file cannot be written; then nothing is.
        """
        saver()(self, path)


def _given(text: str, path: str | Path | None) -> str | None:
    if path is None:
        return text
    write_whole(path_of(path), text)
    return None
