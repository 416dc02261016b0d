"""The event log as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.errors import InputError, Problem
from pathsim.files import Outbox
from pathsim.paths import is_folder, usable
from pathsim.spreadsheet import for_spreadsheets

from .extras import need

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

LOG_SUFFIXES = (".csv", ".parquet")


def log_outbox(file: Path) -> Outbox:
    """Return the outbox for an event log.

    Raises InputError for a suffix that is not of `LOG_SUFFIXES`, and without the extra
    `parquet` where that is asked for.
    """
    if usable(file).suffix not in LOG_SUFFIXES:
        allowed = " or ".join(LOG_SUFFIXES)
        raise InputError(Problem("has no known suffix for a log", file=file, allowed=allowed))
    if is_folder(file):
        raise InputError(Problem("is a folder, not a file", file=file))
    if file.suffix == ".parquet":
        need("parquet", "pyarrow", purpose="a log in Parquet")
    return Outbox(file.parent, names=(file.name, origin_of(file).name))


def origin_of(log: Path) -> Path:
    """Return the file beside a log that says where it comes from."""
    return log.with_name(f"{log.name}.origin.json")


def write_log(events: pd.DataFrame, path: Path) -> None:
    """Write an event log as CSV or Parquet, by the suffix of `path`."""
    if path.suffix == ".parquet":
        events.to_parquet(path, index=False)
    else:
        for_spreadsheets(events).to_csv(path, index=False, lineterminator="\n")
