"""Options: a resolved scenario and what a file or a call changes make another one."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pathsim.arguments import plain_number, plain_whole
from pathsim.errors import InputError, InputWarning, Problem, nearest, wrong_type

from .annotations import is_number, step
from .changes import alike
from .deprecated import with_new_keys
from .explain import in_order, resolve
from .keys import Key
from .lineage import Lineage, descend
from .merge import choice_of, merge
from .phases import PHASES, steps
from .read import Document, refuse_excess
from .scale import has_places, places_for
from .unusual import unusual, warn_of

if TYPE_CHECKING:
    from pathlib import Path

    from .model import Scenario

_LISTED = 8
"""Names shown of those that there are."""
_OF_THE_FILE = ("extends", "from_day", PHASES)
_OTHER_PEOPLE = frozenset(("kind", "adults", "youths", "rows", "file"))
"""Keys of a cohort that change how many people there are."""


def change(
    scenario: Scenario, title: str, overrides: Mapping[Any, object], *, from_day: float | None
) -> Scenario:
    """Return `scenario` with `overrides` (dotted keys), as a file that says the same would."""
    document = document_of(title, overrides, from_day=from_day)
    changed = descend(apply(scenario, document), Lineage(scenario.lineage.files, scenario))
    if overrides or from_day is not None:
        warn_if_idle(scenario, changed, name=title, stacklevel=4)
        before = unusual(scenario)
        found = [e for e in unusual(changed) if e not in before]
        warn_of(found, steps(document), stacklevel=3)
    return changed


def document_of(
    title: str,
    overrides: Mapping[Any, object],
    *,
    from_day: float | None = None,
    file: Path | None = None,
) -> Document:
    """Return what `overrides` (dotted keys) say, as a file would; `file` is where they stand."""
    raw: dict[str, Any] = {"title": title}
    allowed = "a mapping of dotted keys, such as {'services.gps_tag.capacity': 36}"
    if not isinstance(overrides, Mapping):
        raise wrong_type("overrides", overrides, allowed)
    for key, value in overrides.items():
        if not isinstance(key, str | Key):
            raise wrong_type("overrides", key, allowed)
        _refuse_said_elsewhere(str(key), value, from_day)
        try:
            _put(raw, str(key), _phases(value) if str(key) == PHASES else _plain(value))
        except RecursionError:
            raise InputError(Problem("is nested too deeply", key=str(key))) from None
    if from_day is not None:
        raw["from_day"] = _plain(from_day)
    refuse_excess(raw)
    document = with_new_keys(Document(raw, file), stacklevel=4)
    endless = document.endless()
    if endless:
        raise InputError(*endless)
    return document


def _phases(phases: object) -> Any:
    """Return phases as a file would say them, each a mapping of dotted keys."""
    said = _plain(phases)
    if not isinstance(said, list):
        return said
    made: list[Any] = []
    for phase in said:
        table: dict[str, Any] = {}
        for key, value in phase.items() if isinstance(phase, dict) else ():
            _put(table, key, value)
        made.append(table if isinstance(phase, dict) else phase)
    return made


def _refuse_said_elsewhere(key: str, value: object, from_day: float | None) -> None:
    """Refuse a key that a file may say and a change says in another way."""
    if key.split(".", maxsplit=1)[0] == "extends":
        message = "cannot be changed: a change extends the scenario that it is made from"
        allowed = "a file with extends, read by pathsim.load"
    elif key == "title":
        message, allowed = "is given twice", "the title as the first argument alone"
    elif key == "from_day" and from_day is not None:
        message, allowed = "is given twice", "from_day as an argument alone"
    else:
        return
    raise InputError(Problem(message, key=key, found=value, allowed=allowed))


def apply(parent: Scenario, option: Document, *, below: Sequence[Document] = ()) -> Scenario:
    """Return `parent` with `option` laid over it; `below` are the documents that made it."""
    problems = _not_an_option(option)
    if problems:
        raise InputError(*in_order(problems))
    documents = list(below)
    scenario = parent
    for part in steps(option):
        documents.append(part)
        problems = _unknown_tables(scenario, part)
        if problems:
            raise InputError(*in_order(problems))
        scenario = _laid_over(scenario, part, documents)
    return scenario


def _laid_over(parent: Scenario, option: Document, documents: Sequence[Document]) -> Scenario:
    """Return `parent` with `option` laid over each of its regimes from the option's day on.

    An option without a date holds from the first day, also under a dated one below it. One with a
    date begins a regime of its own on that day, unless one begins then already.
    """
    day = option.raw.get("from_day")
    regimes = parent.regimes
    if day is not None and not is_number(day):
        return _over(parent, option, documents, from_day=day, before=parent)
    made: Scenario | None = None
    for regime, later in zip(regimes, (*regimes[1:], None), strict=True):
        last = later is None
        if day is None or (regime.from_day is not None and regime.from_day >= day):
            made = _over(
                regime, option, documents, from_day=regime.from_day, before=made, renamed=last
            )
            continue
        made = regime
        if later is None or (later.from_day is not None and later.from_day > day):
            made = _over(regime, option, documents, from_day=day, before=regime)
    assert made is not None
    return made


def _over(  # noqa: PLR0913 keyword-only parts of a regime
    regime: Scenario,
    option: Document,
    documents: Sequence[Document],
    *,
    from_day: Any,
    before: Scenario | None,
    renamed: bool = True,
) -> Scenario:
    """Return a regime with an option laid over it; `renamed`: the title is the option's."""
    merged = _merged(regime, option.raw)
    if not renamed:
        merged |= {key: getattr(regime, key) for key in ("title", "description")}
    return resolve(type(regime), merged | {"from_day": from_day, "before": before}, documents)


def warn_if_idle(parent: Scenario, scenario: Scenario, *, name: object, stacklevel: int) -> None:
    """Warn, at the caller's line, when an option changes nothing of what it extends."""
    if all(alike(parent.on(regime.from_day), regime) for regime in scenario.regimes):
        message = f"{name}: changes nothing of '{parent.title}', which it extends"
        warnings.warn(message, InputWarning, stacklevel=stacklevel)


def _merged(parent: Scenario, raw: Mapping[str, Any]) -> dict[str, Any]:
    old = parent.model_dump(exclude={"from_day", "before"})
    new = {key: value for key, value in raw.items() if key not in _OF_THE_FILE}
    merged: dict[str, Any] = merge(type(parent), old, new, choice_of(raw["title"]))
    # What describes the scenario below does not describe the option.
    merged["description"] = raw.get("description", "")
    cohort = raw.get("cohort")
    others = isinstance(cohort, Mapping) and not _OTHER_PEOPLE.isdisjoint(cohort)
    if others and has_places(parent) and merged.get("places_for") is None:
        # Other people do not bring places of their own.
        merged["places_for"] = places_for(parent)
    return merged


def _not_an_option(option: Document) -> list[Problem]:
    problems = []
    title = option.raw.get("title")
    if not isinstance(title, str) or not title.strip():
        problems.append(
            option.problem(
                "an option needs a title of its own", ("title",), found=title, allowed="text"
            )
        )
    if "before" in option.raw:
        message = "is made from what the option extends, and cannot be given"
        problems.append(option.problem(message, ("before",)))
    return problems


def _unknown_tables(parent: Scenario, option: Document) -> list[Problem]:
    """Return a problem for each service, pool or area that neither exists nor is complete."""
    problems = []
    for what in ("services", "pools", "areas"):
        tables = option.raw.get(what, {})
        fields = _fields_of(parent, what)
        known = getattr(parent, what)
        for name, table in tables.items() if isinstance(tables, Mapping) else ():
            if name in known or not isinstance(table, Mapping):
                continue
            lacking = [key for key in fields if key not in table]
            if lacking:
                message, allowed = _incomplete(what[:-1], name, fields, lacking, known)
                problems.append(option.problem(message, (what, name), allowed=allowed))
    return problems


def _incomplete(
    what: str, name: str, fields: list[str], lacking: list[str], known: Iterable[str]
) -> tuple[str, str]:
    """Return what to say of an unknown name without a complete table: a slip, or a new one."""
    message, hint = f"no {what} is called '{name}'", nearest(name, known)
    if hint:
        message += f"; {hint}"
    if not hint or len(lacking) < len(fields):
        message += f"; as a new {what} it lacks {', '.join(lacking)}"
    anew = f"a new {what} with {', '.join(fields)}"
    names = list(known)
    listed = ", ".join(names[:_LISTED]) + (", …" if len(names) > _LISTED else "")
    return message, f"{listed}; or {anew}" if listed else anew


def _put(raw: dict[str, Any], key: str, value: Any) -> None:
    """Set a dotted key, laying tables over tables that earlier keys made."""
    *tables, last = key.split(".")
    here = raw
    for name in tables:
        below = here.setdefault(name, {})
        if not isinstance(below, dict):
            raise InputError(Problem(f"is given twice, once within '{name}'", key=key))
        here = below
    if isinstance(value, dict) and isinstance(here.get(last), dict):
        for inner, each in value.items():
            _put(here[last], inner, each)
    elif last in here:
        raise InputError(Problem("is given twice", key=key, found=value))
    else:
        here[last] = value


def _plain(value: object) -> Any:
    """Return what a file would hold: no models, and Python's numbers for NumPy's."""
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_none=True)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if callable(getattr(value, "tolist", None)):  # NumPy's numbers, truths and arrays
        return _plain(value.tolist())  # type: ignore[attr-defined] # it has one
    whole = plain_whole(value)
    number = plain_number(value) if whole is None else None
    return value if whole is number is None else number if whole is None else whole


def _fields_of(parent: Scenario, what: str) -> list[str]:
    """Return the keys that a new table of `services`, `pools` or `areas` cannot leave out."""
    table_class = step(type(parent).model_fields[what].annotation, {}, "")
    return [name for name, field in table_class.model_fields.items() if field.is_required()]
