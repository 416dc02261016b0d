"""What a chart is asked to draw: refused where it is another result, or has no such part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pathsim.arguments import whole
from pathsim.errors import InputError, Problem, nearest, wrong_type

if TYPE_CHECKING:
    from collections.abc import Sized

    from matplotlib.axes import Axes

_MADE_BY = {
    "Comparison": "compare",
    "Decision": "decide",
    "Explanation": "explain",
    "Portfolio": "portfolio",
    "Sensitivity": "sensitivity",
    "Sweep": "sweep",
}
"""By the class of a result, what returns one."""


def check(result: object, kind: str, ax: Axes | None) -> None:
    """Refuse what is no result of a kind, and what is no axes. Raises InputError."""
    if kind not in {each.__name__ for each in type(result).__mro__}:
        raise wrong_type(kind.lower(), result, f"what pathsim.{_MADE_BY[kind]} returns")
    if ax is not None and not hasattr(ax, "set_title"):
        raise wrong_type("ax", ax, "axes of matplotlib")


def check_option(place: object, options: Sized) -> None:
    """Refuse what is no number of an option. Raises InputError."""
    whole(place, key="option", least=0, most=len(options) - 1)


def check_row(outcome: object, group: object, rows: Iterable[tuple[str, str]]) -> None:
    """Refuse an outcome, or a group, that a result has no row of. Raises InputError."""
    rows = list(rows)
    outcomes = list(dict.fromkeys(of for of, _ in rows))
    if outcome not in outcomes:
        raise _unknown("outcome", outcome, outcomes)
    groups = [whom for of, whom in rows if of == outcome]
    if group not in groups:
        raise _unknown("group", group, groups)


def _unknown(key: str, found: object, known: list[str]) -> InputError:
    hint = nearest(str(found), known)
    message = f"is no {key} of the result" + (f"; {hint}" if hint else "")
    return InputError(Problem(message, key=key, found=found, allowed=", ".join(known)))
