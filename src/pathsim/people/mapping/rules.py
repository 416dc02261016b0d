"""What fits together in a mapping: which key goes with which column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.people.columns import COLUMNS, NEED_COLUMNS, NEEDED
from pathsim.scenario.faults import Fault, together

from .alike import first_twice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .parts import ColumnMapping, FixedColumn

AGES: Final = ("age", "age_at_first_sanction")
RISKS: Final = ("risk_one_year_percent", "risk_two_year_percent")
UNITS: Final[dict[str, tuple[str, ...]]] = {
    "sentence_days": ("days", "weeks", "months", "years"),
    **dict.fromkeys(RISKS, ("percent", "share")),
}
"""Columns that may be in several units."""
DERIVATIONS: Final[dict[str, str]] = {
    "id": "row_number",
    "offence_group": "home_office_code",
    **dict.fromkeys(AGES, "age_at"),
}
FROM_OFFENCES: Final = ("previous_offences", "disposal", "offence_group")
"""What a table of offences gives where the mapping says nothing else."""
NEVER_DRAWN: Final = ("id", "age_at_first_sanction", *RISKS)
"""What a scenario's people cannot lend: it is theirs, or follows from the rest."""


def check_columns(
    columns: Mapping[str, ColumnMapping], fixed: Sequence[FixedColumn], *, offences: bool
) -> None:
    """Raise all that does not fit together; nothing if all does."""
    faults = [each for name, spec in columns.items() for each in _of_column(name, spec)]
    given = {*columns, *(FROM_OFFENCES if offences else ())}
    for name in NEEDED:
        if name not in given:
            near = 'from = "…", for_all = … or if_unknown = "draw"'
            faults.append(Fault("is missing: every cohort needs it", ("columns", name), None, near))
    for place, each in enumerate(fixed):
        if each.last < each.first:
            key = ("read", "fixed", place, "to")
            faults.append(Fault("is before its `from`", key, each.last, f"{each.first} or more"))
    if faults:
        raise together(faults)


def _of_column(name: str, spec: ColumnMapping) -> Iterator[Fault]:
    at = ("columns", name)
    yield from _sources(name, spec)
    if spec.unit is not None and spec.unit not in UNITS.get(name, ()):
        allowed = ", ".join(UNITS.get(name, ())) or "no unit: the column has but one"
        yield Fault("is no unit of this column", (*at, "unit"), spec.unit, allowed)
    if spec.derive is not None and spec.derive != DERIVATIONS.get(name):
        allowed = DERIVATIONS.get(name, "nothing is derived for this column")
        yield Fault("does not go with this column", (*at, "derive"), spec.derive, allowed)
    if spec.derive == "age_at" and not (spec.source and spec.date):
        yield Fault("needs two dates", at, None, "from: the birth; date: when the age is taken")
    if spec.date and spec.derive != "age_at":
        yield Fault("goes with derive = 'age_at' alone", (*at, "date"), spec.date)
    if spec.at_format and spec.derive != "age_at":
        yield Fault("goes with derive = 'age_at' alone", (*at, "at_format"), spec.at_format)
    if spec.first_day is not None and name != "start_day":
        yield Fault("goes with start_day alone", (*at, "first_day"))
    if spec.includes_present is not None and name != "previous_offences":
        yield Fault("goes with previous_offences alone", (*at, "includes_present"))
    if spec.if_unknown == "draw" and name in NEVER_DRAWN:
        yield Fault("cannot be drawn", (*at, "if_unknown"), "draw", "missing, refuse")
    if spec.if_unknown == "missing" and COLUMNS[name].needed and _empty(spec):
        yield Fault("is needed of everybody", (*at, "if_unknown"), "missing", "draw, refuse")
    yield from _meanings(name, spec)


def _sources(name: str, spec: ColumnMapping) -> Iterator[Fault]:
    at = ("columns", name)
    if spec.source and spec.for_all is not None:
        yield Fault("says both from and for_all", at, None, "one of them")
    elif _empty(spec) and "if_unknown" not in spec.model_fields_set:
        allowed = "from, for_all, or if_unknown for everybody"
        yield Fault("says nothing of where it comes from", at, None, allowed)


def _empty(spec: ColumnMapping) -> bool:
    return not spec.source and spec.for_all is None and spec.derive != "row_number"


def _meanings(name: str, spec: ColumnMapping) -> Iterator[Fault]:
    """Yield what is wrong with values and bands."""
    at, column = ("columns", name), COLUMNS[name]
    if spec.bands and column.kind not in ("whole", "number"):
        yield Fault("go with columns of numbers alone", (*at, "bands"))
    for label, ends in spec.bands.items():
        if ends[1] < ends[0]:
            key = (*at, "bands", label)
            yield Fault("ends before it begins", key, None, "the lowest number, then the highest")
    for table, labels in (("values", spec.meanings), ("bands", spec.bands)):
        if twice := first_twice(labels):
            words = f"says the same as {twice[0]!r}: they differ by blanks, capitals or zeros alone"
            yield Fault(words, (*at, table, twice[1]))
    if spec.unit == "share":
        yield from _no_shares(name, spec)
    stated: list[tuple[tuple[str, ...], object]] = [
        (("values", label), value) for label, value in spec.meanings.items()
    ]
    if spec.for_all is not None:
        stated.append((("for_all",), spec.for_all))
    for where, value in stated:
        if not _fits(name, value):
            yield Fault(
                "is nothing this column may hold",
                (*at, *where),
                value,
                column.allowed(),
                column.levels,
            )


def _no_shares(name: str, spec: ColumnMapping) -> Iterator[Fault]:
    """Yield the numbers that are said in shares and are none."""
    stated: list[tuple[tuple[str, ...], object]] = [(("for_all",), spec.for_all)]
    stated += [(("values", label), value) for label, value in spec.meanings.items()]
    stated += [(("bands", label), end) for label, ends in spec.bands.items() for end in ends]
    for where, value in stated:
        if isinstance(value, int | float) and not 0 <= value <= 1:
            yield Fault("is no share", ("columns", name, *where), value, "0 to 1, as unit says")


def _fits(name: str, value: object) -> bool:
    """Return whether a value that the mapping states may stand in the column."""
    column = COLUMNS[name]
    if column.kind == "level":
        return value in column.levels
    if column.kind == "flag":
        return isinstance(value, bool) or str(value).lower() in ("yes", "no", "true", "false")
    if column.kind in ("whole", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, str) and bool(value)


def needs_given(columns: Mapping[str, ColumnMapping]) -> bool:
    """Return whether any need has a column of its own."""
    return any(name in columns for name in NEED_COLUMNS)
