"""Pages use the standard words of the field."""

from __future__ import annotations

import re

import pytest

from page_blocks import PAGES
from test_docs_cli import COINED

OURS = (*COINED, "by turns", r"\btwins?\b", "nobody's story", r"\bfaults? of ours\b")


def prose(text: str) -> str:
    """Return a page without its blocks of code and its tables."""
    bare = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in bare.splitlines() if not line.startswith("|"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_no_words_of_our_own_making(page):
    text = prose(page.read_text(encoding="utf-8")).lower()
    assert [word for word in OURS if re.search(word, text)] == []


def test_the_first_thing_in_the_readme_is_the_picture_of_an_answer():
    for page in (PAGES[0], next(each for each in PAGES if each.name == "index.md")):
        lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line]
        assert lines[1].startswith("!["), page
        assert "dorset-options.png" in lines[1]
