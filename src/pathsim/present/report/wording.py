"""Words that several sections share: grades, groups, windows, and sentences of a decision."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.text import visible

if TYPE_CHECKING:
    from .told import At, Option, Told

GRADES: Final = {
    "official": "official statistic",
    "rct": "randomised trial",
    "matched": "matched study",
    "before_after": "before-and-after study",
    "expert": "expert opinion",
    "assumed": "assumption",
    "calibrated": "fitted to published figures",
    "choice": "the option's own choice",
    "definition": "a definition",
}
PAYERS: Final = {
    "police": "Police",
    "pcc": "Police and crime commissioner",
    "hmpps": "Prisons and probation",
    "courts_cps": "Courts and prosecution",
    "nhs": "Health service",
    "local_authority": "Local authorities",
    "other": "Other public bodies",
    "society": "Victims and society",
}
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_A_YEAR: Final = (365.0, 365.25, 366.0)


def grade(name: str) -> str:
    """Return what a grade means; a dash where there is none."""
    return GRADES.get(name, name) or "\N{EN DASH}"


def rests_on(option: Option) -> str:
    """Return the weakest grade of the effects that an option rests on."""
    return grade(option.about["grade"]) if option.about["effects"] else "no effect of a service"


def day(stamp: str) -> str:
    """Return the day of a time stamp, such as `30 November 2026`."""
    found = date.fromisoformat(stamp[:10])
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def window(told: Told) -> str:
    """Return of whom figures are: `a year's people`, or of a shorter window."""
    days = told.baseline["about"]["intake_days"]
    return "a year's people" if days in _A_YEAR else f"the people of {days:g} days"


def said_by_data(told: Told, part: At | None, key: str) -> Markup:
    """Return a sentence that stands in the plain data, marked with its place; empty without."""
    if part is None or not part[key]:
        return Markup("")
    found = part.at(key)
    text = _with_titles(str(found.data), told)
    return Markup('<span data-said-at="{}">{}</span>').format(found.origin, text)


def paragraph_of(decided: At, told: Told) -> Markup:
    """Return the paragraph for an option."""
    return said_by_data(told, decided, "paragraph")


def year(about: At) -> str:
    """Return the year of the newest evidence that an option rests on."""
    found = about["evidence_year"]
    return "not dated" if found is None else str(found)


def when(option: Option) -> str:
    """Return from when an option is in force."""
    days = option.about["in_force"]
    phases = {each["days"] for each in option.about["changes"]}
    if phases - {days}:
        return "in force in phases: what changes when stands below"
    if not days:
        return "in force throughout"
    return f"in force {days} of the intake window; the baseline holds until then"


def _with_titles(text: str, told: Told) -> str:
    """Return a sentence with quantities called by their titles in place of their keys."""
    known: dict[str, Any] = told.whole.data.get("parameters", {})
    for label in sorted(known, key=len, reverse=True):
        text = text.replace(label, f"'{known[label]}'")
    return visible(text)
