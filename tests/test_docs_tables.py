"""What pages and scenarios hold of others is what `make tables` writes; tests only compare."""

from __future__ import annotations

import pytest
from docs.tables import tables


@pytest.mark.parametrize("written", tables(), ids=lambda written: written.file.stem)
def test_a_table_is_what_the_command_writes(written):
    lines = written.file.read_text(encoding="utf-8").splitlines(keepends=True)
    begin, end = (lines.index(f"{mark}\n") for mark in written.marks)
    assert "".join(lines[begin + 1 : end]) == written.text(), "run: make tables"
