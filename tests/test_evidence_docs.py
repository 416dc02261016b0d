"""The page on evidence says of the Dorset baseline what the machine says.

Run as a program, this file writes the table into the page.
"""

from __future__ import annotations

from pathlib import Path

from pathsim.scenario import load
from pathsim.scenario.evidence.register import register, shares_in_markdown
from pathsim.scenario.evidence.table import COLUMNS, GRADES, evidence_table

REPOSITORY = Path(__file__).parent.parent
PAGE = REPOSITORY / "docs" / "evidence.md"
START = "<!-- by grade: python tests/test_evidence_docs.py writes this -->\n"
END = "<!-- end -->"


def rewritten(page: str) -> str:
    baseline = load(REPOSITORY / "scenarios" / "dorset" / "baseline.toml")
    shares = shares_in_markdown(register(baseline, evidence_table()))
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    return f"{before}{start}{shares}\n{end}{after}"


def test_the_page_has_the_share_of_the_baseline_by_grade() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert START in page
    assert rewritten(page) == page


def test_the_page_explains_every_column_and_grade() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for word in (*COLUMNS, *GRADES):
        assert f"`{word}`" in page


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
