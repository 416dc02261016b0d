"""What the name of a column says of its unit, and of what it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.people.words import as_name

if TYPE_CHECKING:
    from .making import Making

_UNITS: Final = {
    "days": ("day", "days"),
    "weeks": ("week", "weeks", "wks"),
    "months": ("month", "months", "mths", "mos"),
    "years": ("year", "years", "yrs"),
}
BEFORE: Final = frozenset(("previous", "prior", "priors", "preceding", "antecedents"))
"""Words of counts that leave the present one out."""
SANCTIONS: Final = frozenset(("sanctions", "sanction", "convictions", "conviction", "cautions"))
TOTAL: Final = frozenset(("total", "all", "number", "count", "no", "num", "n"))


def units_in(name: str) -> tuple[str, ...]:
    """Return the units that a name speaks of.

    >>> units_in("sentence_months")
    ('months',)
    """
    words = set(as_name(name).split("_"))
    return tuple(unit for unit, said in _UNITS.items() if words & set(said))


def may_include_present(name: str) -> bool:
    """Return whether a count of this name may include the present sanction.

    >>> may_include_present("totalNumberOfSanctions"), may_include_present("previous_offences")
    (True, False)
    """
    words = set(as_name(name).split("_"))
    return bool(words & SANCTIONS) and not words & BEFORE


def refuse_unsaid(making: Making) -> None:
    """Refuse a mapping that leaves open what would change the people without a word."""
    for name, spec in making.columns.items():
        if not spec.source:
            continue
        at = ("columns", name)
        units = [each for each in units_in(spec.source) if each != "days"]
        if name == "sentence_days" and spec.unit is None and units and not spec.bands:
            words = f"the column's name speaks of {' and '.join(units)}: say the unit"
            making.refuse(words, at, allowed='unit = "days", "weeks", "months" or "years"')
        if (
            name == "previous_offences"
            and spec.includes_present is None
            and may_include_present(spec.source)
        ):
            words = "the count may include the present sanction: say whether it does"
            making.refuse(words, at, allowed="includes_present = true or false")
