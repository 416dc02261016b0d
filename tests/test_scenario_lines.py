"""The scanner finds the line on which each key of a TOML text is written."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from pathsim.scenario.lines import dotted, key_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_top_level_keys_and_quoted_keys_have_their_line() -> None:
    text = 'title = "a [not.a.table] # = 3"   # a comment = 3\n\n"quoted key" = \'"\' # odd'
    assert key_lines(text) == {("title",): 1, ("quoted key",): 3}


def test_tables_and_dotted_keys_note_every_step_of_the_path() -> None:
    text = "[services.tag]\n# a comment\ncapacity = 18\ntrigger.release = true\n"
    text += '[ costs . "a.b" ]\nx = 1\n'
    assert key_lines(text) == {
        ("services",): 1,
        ("services", "tag"): 1,
        ("services", "tag", "capacity"): 3,
        ("services", "tag", "trigger"): 4,
        ("services", "tag", "trigger", "release"): 4,
        ("costs",): 5,
        ("costs", "a.b"): 5,
        ("costs", "a.b", "x"): 6,
    }


def test_items_of_arrays_of_tables_are_counted() -> None:
    text = "[[rows]]\npeople = 1\n[[rows]]\npeople = 2\n[rows.more]\nx = 1\n[[rows.deep]]\ny = 2\n"
    lines = key_lines(text)
    assert lines["rows", 0, "people"] == 2
    assert lines["rows", 1] == 3
    assert lines["rows", 1, "people"] == 4
    assert lines["rows", 1, "more", "x"] == 6
    assert lines["rows", 1, "deep", 0, "y"] == 8


def test_inline_tables_and_arrays_over_several_lines_give_the_line_of_each_part() -> None:
    text = 'a = { b = 1, c = [\n  "x,]}",  # not yet ]\n  { d = 2 },\n] , e = 3 }\nf = 4\n'
    lines = key_lines(text)
    assert lines["a", "b"] == 1
    assert lines["a", "c", 0] == 2
    assert lines["a", "c", 1, "d"] == 3
    assert lines["a", "e"] == 4
    assert lines["f",] == 5


@pytest.mark.parametrize(
    "string",
    [
        '"""\none\n# two\nx = 3\n"""',
        "'''\none\nx = 3\n\n'''",
        '"""\n\n\\"""\n\n"""',
        '"""\n\n\n\n ends in quotes"""""',
        "'''\n\n\n\n ends in a quote''''",
    ],
)
def test_long_strings_are_stepped_over(string: str) -> None:
    text = f"before = {string}\nafter = 1\n"
    tomllib.loads(text)
    assert key_lines(text) == {("before",): 1, ("after",): 6}


def test_escaped_quotes_do_not_end_a_string() -> None:
    assert key_lines('a = "\\"\\\\"\nb = 1')["b",] == 2


def test_paths_are_written_with_dots_and_brackets() -> None:
    assert dotted(("cohort", "rows", 2, "people")) == "cohort.rows[2].people"


def _paths(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _paths(each, (*path, key))
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _paths(each, (*path, index))


_TEXTS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)
_DOCUMENTS = st.dictionaries(
    _TEXTS,
    st.recursive(
        st.integers(0, 9) | st.booleans() | _TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(document=_DOCUMENTS, long=st.booleans())
def test_every_key_of_any_document_is_found_and_no_other(
    document: dict[str, Any], long: bool
) -> None:
    text = tomli_w.dumps(document, multiline_strings=long)
    lines = key_lines(text)
    assert set(lines) == set(_paths(tomllib.loads(text), ()))
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
