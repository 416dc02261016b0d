"""What validation found wrong, in words for the person who wrote the file.

An example: the way from pydantic's error back to a line. Two documents are laid over each
other, and the second spoils what the first says.

>>> import tomllib
>>> from pathlib import Path
>>> from pathsim.scenario.distributions import Length
>>> from pathsim.scenario.lines import key_lines
>>> from pathsim.scenario.parameter import Strict
>>> from pathsim.scenario.read import Document
>>> class Queue(Strict):
...     wait: Length
>>> def document(name, text):
...     return Document(tomllib.loads(text), Path(name), key_lines(text))
>>> below = document("town.toml", '''[wait]
... kind = "uniform"
... low = 1
... high = 9
... source = "a guess"
... grade = "assumed"
... ''')
>>> above = document("option.toml", '''# Shorter waits.
... wait.high = -9
... ''')
>>> data = {"wait": below.raw["wait"] | {"high": -9}}  # as merged

Pydantic sees the merged data alone. Its location names the branch of the union, `uniform`, as
if it were a key; `_place` takes that out, and keeps which branch was tried.

>>> try:
...     Queue.model_validate(data)
... except ValidationError as raised:
...     error, = raised.errors(include_url=False)
>>> error["loc"]
('wait', 'uniform', 'high')
>>> place = _place(error, Queue, data)
>>> place.path, place.value, place.unions
(('wait', 'high'), -9, {('wait',): 'uniform'})

`writer` asks the documents from the last to the first which of them wrote that path, and
`Document.line` where. `_message` finds the words, by the kind of error and the annotation.

>>> found, path = writer([below, above], place.path)
>>> found.file.name, found.line(path)
('option.toml', 2)
>>> try:
...     resolve(Queue, data, [below, above])
... except InputError as refusal:
...     print(refusal)
option.toml:2: wait.high: is out of range; found -9; allowed: 0 or more
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pydantic import ValidationError

from pathsim.errors import MOST_PROBLEMS, NONE, InputError, Problem, nearest

from .annotations import (
    allowed_keys,
    describe,
    is_number,
    key_annotation,
    kind_of,
    pick,
    step,
    words_of,
)
from .faults import FAULTS, Fault
from .lines import KeyPath
from .parameter import ORIGIN_KEYS, choices, percent_slip
from .references import broken
from .service import MAX_SERVICES

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from .parameter import Strict
    from .read import Document

Model = TypeVar("Model", bound="Strict")

_BOUNDS = {
    "greater_than_equal": ("ge", "{:.12g} or more"),
    "greater_than": ("gt", "above {:.12g}"),
    "less_than_equal": ("le", "{:.12g} or less"),
    "less_than": ("lt", "below {:.12g}"),
}
_NOT_AN_ID = ("is not an id", "small letters, digits and underscores, a letter first, at most 40")
_WORDS = {
    "too_short": ("must not be empty", ""),
    "string_too_short": ("must not be empty", ""),
    "string_pattern_mismatch": _NOT_AN_ID,
    "string_too_long": _NOT_AN_ID,
    "finite_number": ("is not a finite number", ""),
}


class _Place(NamedTuple):
    """Where in the data an error is: tags of unions taken out of pydantic's location."""

    path: KeyPath
    parent: Any
    value: Any
    unions: dict[KeyPath, str | int]
    """Branch that was tried, by the place of the union."""
    of_key: bool
    """Whether the key itself is wrong, not what stands under it."""


def resolve(model: type[Model], data: Mapping[str, Any], documents: Sequence[Document]) -> Model:
    """Return the valid `model` of `data`, which `documents` said, the last one on top.

    Everything wrong with it is one `InputError`, sorted by file and line.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems, more = _problems(model, data, error.errors(include_url=False), documents)
    raise InputError(*in_order(problems), more=more) from None


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return the problems by file and line, each of them once."""
    unique = {str(problem): problem for problem in problems}
    return sorted(unique.values(), key=lambda each: (str(each.file), each.line or 0, each.key))


def _problems(
    model: type[Strict],
    data: Mapping[str, Any],
    errors: list[ErrorDetails],
    documents: Sequence[Document],
) -> tuple[list[Problem], int]:
    """Return the problems that are told, and how many are not."""
    places = [_place(error, model, data) for error in errors]
    branches: dict[KeyPath, set[str | int]] = {}
    for place in places:
        for point, branch in place.unions.items():
            branches.setdefault(point, set()).add(branch)
    split = {point for point, tried in branches.items() if len(tried) > 1}
    meant = [
        (error, place)
        for error, place in zip(errors, places, strict=True)
        # An array none of whose items can be used counts as empty.
        if not (error["type"] == "too_short" and place.value)
        and not any(point in split and _beside(error, place, point, data) for point in place.unions)
    ]
    told = _first(meant, documents)
    problems = [each for pair in told for each in _explain(model, data, *pair, documents)]
    if not any(error["type"] == FAULTS and not error["loc"] for error in errors):
        problems += _references(data, documents)
    return problems, len(meant) - len(told)


def _first(
    errors: list[tuple[ErrorDetails, _Place]], documents: Sequence[Document]
) -> list[tuple[ErrorDetails, _Place]]:
    """Return as many errors as are told, those that stand first in the files."""
    if len(errors) <= MOST_PROBLEMS:
        return errors

    def line(pair: tuple[ErrorDetails, _Place]) -> int:
        return max(document.line(pair[1].path) or 0 for document in documents)

    return sorted(errors, key=line)[:MOST_PROBLEMS]


def _place(error: ErrorDetails, model: type[Strict], data: Any) -> _Place:
    path: KeyPath = ()
    unions: dict[KeyPath, str | int] = {}
    parent, here = None, data
    tables: list[tuple[KeyPath, Any]] = []
    last = len(error["loc"]) - 1
    for position, part in enumerate(error["loc"]):
        tables.append((path, here))
        if part == _kind_at(here) and path not in unions and _has_kinds(model, data, path):
            unions[path] = part  # a tag, also where a key of the table has the same name
        elif position == last and part in ORIGIN_KEYS and error["type"] != "missing":
            path, parent, here = _stated(part, tables)
        elif _has(here, part):
            parent, here = here, here[part]
            path = (*path, part)
        elif position == last and error["type"] in ("missing", "extra_forbidden"):
            parent, here = here, None
            path = (*path, part)
        elif part != "[key]":
            unions.setdefault(path, part)
    return _Place(path, parent, here, unions, error["loc"][-1:] == ("[key]",))


def _kind_at(here: Any) -> Any:
    return here.get("kind") if isinstance(here, Mapping) else None


def _has_kinds(model: type[Strict], data: Any, path: KeyPath) -> bool:
    """Return whether the table at `path` may be of several kinds: elsewhere `kind` is no tag."""
    return any("kind" in allowed_keys(each) for each in choices(_annotation(model, data, path)))


def _stated(key: str | int, tables: list[tuple[KeyPath, Any]]) -> tuple[KeyPath, Any, Any]:
    """Return where the source or grade is written that a number inside the tables took over."""
    for path, table in reversed(tables):
        if _has(table, key):
            return (*path, key), table, table[key]
    return (*tables[-1][0], key), tables[-1][1], None


def _has(here: Any, part: str | int) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)


def _beside(error: ErrorDetails, place: _Place, point: KeyPath, data: Any) -> bool:
    """Return whether the error speaks of the branch of the union at `point` that was not meant."""
    # A word where a word or a table may stand misses the words; anything else the table.
    word = isinstance(_value_at(data, point), str)
    misses_the_words = error["type"] == "literal_error" and place.path == point
    return misses_the_words != word


def _value_at(data: Any, path: KeyPath) -> Any:
    for part in path:
        data = data[part]
    return data


def _annotation(model: type[Strict], data: Any, path: KeyPath) -> Any:
    annotation: Any = model
    for part in path:
        annotation = step(annotation, data, part)
        data = data[part] if _has(data, part) else None
    return annotation


def _explain(
    model: type[Strict],
    data: Any,
    error: ErrorDetails,
    place: _Place,
    documents: Sequence[Document],
) -> list[Problem]:
    if error["type"] == FAULTS:
        faults: list[Fault] = error["ctx"]["faults"]
        if place.of_key:
            return [_of_key(_hinted(e), place.path, e.allowed, documents) for e in faults]
        return [_of_fault(each, place.path, documents) for each in faults]
    path, found = place.path, place.value
    if error["type"] == "missing":
        return [_missing(path, documents)]
    if error["type"] == "extra_forbidden":
        above = _annotation(model, data, path[:-1])
        return [_unknown_key(path, above, place.parent, documents)]
    annotation = _annotation(model, data, path)
    if place.of_key:
        found = path[-1]
        annotation = key_annotation(_annotation(model, data, path[:-1]))
    message, allowed = _message(error, annotation, found)
    if place.of_key:
        return [_of_key(message, path, allowed, documents)]
    return [_problem(documents, message, path, found, allowed)]


def _of_key(message: str, path: KeyPath, allowed: str, documents: Sequence[Document]) -> Problem:
    """Return a problem with the last part of the path itself, not with what stands under it."""
    document, written = writer(documents, path)
    return document.problem(message, written, found=path[-1], allowed=allowed)


def _of_fault(fault: Fault, at: KeyPath, documents: Sequence[Document]) -> Problem:
    path = (*at, *fault.key)
    if fault.key == ("value",):
        # A document that wrote another end of the interval, and no value, broke what was right.
        last, _ = writer(documents, at)
        if last.wrote(at) and not last.says_number_or_word(at) and not last.wrote(path):
            return last.problem(fault.message, path, found=fault.found, allowed=fault.allowed)
    return _problem(documents, _hinted(fault), path, fault.found, fault.allowed)


def _hinted(fault: Fault) -> str:
    hint = nearest(str(fault.found), fault.near) if isinstance(fault.found, str | int) else ""
    return f"{fault.message}; {hint}" if hint else fault.message


def _missing(path: KeyPath, documents: Sequence[Document]) -> Problem:
    if path[-1] == "source":
        allowed = 'source = "…" here or in a table around it'
        return _problem(documents, "has no source", path[:-1], None, allowed)
    return _problem(documents, "is missing", path, None, "")


def _unknown_key(path: KeyPath, above: Any, table: Any, documents: Sequence[Document]) -> Problem:
    chosen = pick(above, table)
    keys = allowed_keys(chosen)
    if len(path) == 1:
        of_a_file = ("extends", "phases") if documents[-1].file and "before" in keys else ()
        keys = (*of_a_file, *(key for key in keys if key != "before"))
    kinds = len([each for each in choices(above) if allowed_keys(each)]) > 1
    message = f"unknown key of kind '{kind_of(chosen)}'" if chosen and kinds else "unknown key"
    hint = nearest(str(path[-1]), keys)
    return _problem(
        documents, f"{message}; {hint}" if hint else message, path, None, ", ".join(keys)
    )


def _message(error: ErrorDetails, annotation: Any, found: Any) -> tuple[str, str]:
    """Return what is wrong and what is allowed instead."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        is_share = (name, context[name]) == ("le", 1) and is_number(found)
        slip = percent_slip(found) if is_share else ""
        return "is out of range" + slip, words.format(context[name])
    if kind == "literal_error" or kind.startswith("union_tag"):
        return _not_a_word(annotation, found, describe(annotation))
    if kind.endswith(("_type", "_parsing", "_from_float")):
        return "has the wrong type", describe(annotation)
    if kind == "too_long":
        # Pydantic counts no further than the limit in what is no list.
        return f"has {len(found):,} entries", f"at most {context['max_length']:,}"
    return str(context.get("error", error["msg"])), ""


def _not_a_word(annotation: Any, found: Any, allowed: str) -> tuple[str, str]:
    kinds = [str(kind_of(each)) for each in choices(annotation) if allowed_keys(each)]
    if isinstance(found, Mapping):
        kind = found.get("kind")
        hint = nearest(str(kind), kinds)
        message = f"has the unknown kind '{kind}'" if kind is not None else "needs a kind"
        return (f"{message}; {hint}" if hint else message), ", ".join(kinds)
    if _like_a_number(found):
        return "has the wrong type", allowed
    hint = nearest(str(found), words_of(annotation))
    return f"is not known here; {hint}" if hint else "is not known here", allowed


def _like_a_number(found: Any) -> bool:
    try:
        float(found)
    except (TypeError, ValueError):
        return False
    return isinstance(found, str)


def _references(data: Mapping[str, Any], documents: Sequence[Document]) -> list[Problem]:
    tables = [data.get(key, {}) for key in ("services", "pools", "areas")]
    if any(not isinstance(each, Mapping) or len(each) > MAX_SERVICES for each in tables):
        return []  # that is told already
    return [_problem(documents, e.message, e.key, e.found, e.allowed) for e in broken(data)]


def _problem(
    documents: Sequence[Document], message: str, path: KeyPath, found: Any, allowed: str
) -> Problem:
    document, path = writer(documents, path)
    if document.wrote(path) and (found is not None or document.at(path) is None):
        # What stands in the file, not what validation made of it.
        written = document.at(path)
        found = found if isinstance(written, Mapping) else NONE if written is None else written
    if isinstance(found, Mapping):
        found = None
    return document.problem(message, path, found=found, allowed=allowed)


def writer(documents: Sequence[Document], path: KeyPath) -> tuple[Document, KeyPath]:
    """Return the document that wrote `path` or most of it, and the path as it is written there.

    A later document lies over an earlier one, and a bare number over a whole table.
    """
    for document in reversed(documents):
        bare = [above for above in _above(path) if document.says_number_or_word(above)]
        for candidate in (*_spellings(path), *bare):
            if document.wrote(candidate):
                return document, candidate
    for above in _above(path):
        for document in reversed(documents):
            if document.wrote(above):
                return document, path
    return documents[-1], path


def _above(path: KeyPath) -> list[KeyPath]:
    return [path[:length] for length in range(len(path) - 1, 0, -1)]


def _spellings(path: KeyPath) -> Iterator[KeyPath]:
    """Give the places where a file may say what stands at `path` of the resolved scenario."""
    yield path
    if path and path[-1] in ORIGIN_KEYS:
        for length in range(len(path) - 2, -1, -1):
            yield (*path[:length], path[-1])
