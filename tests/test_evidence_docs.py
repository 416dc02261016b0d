"""The page on evidence explains the words of the evidence table."""

from __future__ import annotations

from pathlib import Path

from pathsim.scenario.evidence.table import COLUMNS, GRADES

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs" / "evidence.md"


def test_the_page_explains_every_column_and_grade() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for word in (*COLUMNS, *GRADES):
        assert f"`{word}`" in page
