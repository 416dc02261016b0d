"""What commissioners ask: where the report answers it, and which command answers the rest."""

from __future__ import annotations

import math
import shlex
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from pathsim.decision.portfolio.levers import MOST_LEVERS
from pathsim.text import visible

from .breaking import with_breaks
from .headings import HEADINGS
from .tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .told import At, Told

_ANSWERED: Final = (
    ("Is an option worth buying, and how sure is that?", ("answer", "certainty")),
    ("Which option is best, and which is best for each pound?", ("value",)),
    ("Who pays and who gains?", ("payers",)),
    ("When would an option be a mistake?", ("turning", "evidence")),
    ("Is the benefit equal by sex, age, ethnicity and area?", ("equality",)),
    ("What happens in years two and three?", ("years",)),
    ("How long do people wait, and how full are places?", ("load",)),
)
"""Questions, with the sections that answer them."""
_DECIDED: Final = ("value", "turning")
"""Sections that tell nothing where nothing is decided."""
_BASELINE: Final = "BASELINE.toml"
_OPTION: Final = "OPTION.toml"
_STEPS: Final = 6
_MOST_LEVELS: Final = 2 * _STEPS
_WAIT_DAYS: Final = 14
_BUDGET: Final = 500_000
_STUDIED: Final = "100,200,400"
_DRAWS_OF_A_STUDY: Final = 512


class _Places(NamedTuple):
    """A number of places that an option changes."""

    key: str
    title: str
    before: float
    after: float


def context(told: Told) -> dict[str, Any]:
    """Return the questions that sections answer, and those that need another command."""
    heads = ("Question", "In the app (pathsim app)", "Command")
    return {
        "here": Table(
            "questions-here",
            "Answered here",
            ("Question", "Where"),
            list(_here(told)),
            numbers=False,
        ),
        "further": Table(
            "questions-further",
            "Answered by another run",
            heads,
            list(_further(told)),
            numbers=False,
        ),
        "unnamed": not told.run["scenario"]["file"] or len(_files(told)) < len(told.options),
    }


def _here(told: Told) -> Iterator[list[str | Markup]]:
    for question, names in _ANSWERED:
        shown = [name for name in names if told.decision is not None or name not in _DECIDED]
        if shown and not (names == ("value",) and len(told.options) == 1):
            link = Markup('<a href="#{}">{}</a>')
            yield [question, Markup(", ").join(link.format(n, HEADINGS[n]) for n in shown)]


def _further(told: Told) -> Iterator[list[str | Markup]]:
    """Give what more runs answer, with commands for the levers and files of these options."""
    places = _places(told)
    for each in places.values():
        title = visible(each.title)
        yield [
            f"{title}: how many before more stops helping, and how many for a mean wait of at "
            f"most {_WAIT_DAYS} days?",
            f"Move '{title}', and read the answer and 'Load and waiting' at each number",
            _command(["sweep", _baseline(told), *_levels(each)]),
        ]
    bought = list(_bought(told, places))
    if 0 < len(bought) <= 2 * MOST_LEVERS:
        yield [
            f"What is best to buy with £{_BUDGET:,} a year?",
            "Type a budget: it says what fits, not what is best",
            _command(["portfolio", _baseline(told), *bought, "--budget", str(_BUDGET)]),
        ]
    for option in told.options:
        if any(each["low"] is not None for each in option.about.each("effects")):
            file = option.plain["file"] or _OPTION
            effort = ["--draws", str(_DRAWS_OF_A_STUDY), "--study", _STUDIED]
            yield [
                f"What is another study worth, before '{option.title}' is chosen?",
                "Not in the app",
                _command(["value", _baseline(told), file, *effort]),
            ]


def _places(told: Told) -> dict[str, _Places]:
    """Return by key the places of services that options change from the first day on."""
    found: dict[str, _Places] = {}
    for option in told.options:
        for change in option.about.each("changes"):
            if _is_of_places(change) and change["key"] not in found:
                said = (change[name] for name in ("key", "title", "before", "after"))
                found[change["key"]] = _Places(*said)
    return found


def _is_of_places(change: At) -> bool:
    kind, _, rest = str(change["key"]).partition(".")
    numbers = all(type(change[side]) in (int, float) for side in ("before", "after"))
    return kind == "services" and rest.endswith(".capacity") and numbers and not change["days"]


def _levels(places: _Places) -> list[str]:
    """Return the arguments of a sweep through twice the places of the option."""
    most = max(places.before, places.after)
    step = max(1, math.ceil(most / _STEPS))
    service = places.key.split(".")[1]
    return [
        *("--set", f"{places.key}=0:{step * _MOST_LEVELS}:{step}"),
        *("--target", f"service.{service}.mean_wait_days<={_WAIT_DAYS}"),
    ]


def _bought(told: Told, places: dict[str, _Places]) -> Iterator[str]:
    """Give the options and levers of a portfolio: places alone are a lever.

    What begins on a day is left out, and what gives a number another value than one before it.
    """
    levers: dict[str, list[str]] = {}
    given: dict[str, Any] = {}
    for option in sorted(told.options, key=lambda each: len(each.about["changes"])):
        changes = {str(each["key"]): each for each in option.about.each("changes")}
        if len(changes) == 1 and changes.keys() <= places.keys():
            (key,) = changes
            levers.setdefault(key, []).append(f"{changes[key]['after']:.12g}")
        elif option.plain["file"] and not any(each["days"] for each in changes.values()):
            after = {key: each["after"] for key, each in changes.items()}
            if levers.keys().isdisjoint(after) and all(
                given.get(k, after[k]) == after[k] for k in after
            ):
                given |= after
                yield from ("--option", option.plain["file"])
    for key, levels in levers.items():
        yield from ("--lever", f"{key}={','.join(dict.fromkeys(levels))}")


def _files(told: Told) -> list[str]:
    return [each.plain["file"] for each in told.options if each.plain["file"]]


def _baseline(told: Told) -> str:
    return str(told.run["scenario"]["file"] or _BASELINE)


def _command(words: list[str]) -> Markup:
    """Return a command; the name of an argument is not broken at its hyphens."""
    name = Markup('<span class="argument">{}</span>')
    said = [
        name.format(each) if each.startswith("--") else with_breaks(shlex.quote(each))
        for each in ("pathsim", *words)
    ]
    return Markup("<code>{}</code>").format(Markup(" ").join(said))
