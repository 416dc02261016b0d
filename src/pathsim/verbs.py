"""What a scenario or a cohort offers of packages to the right of its own: `baseline.sweep(...)`.

None of them is imported here. The package front hands each verb over as a function that imports
it when it is first needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from pathsim.errors import PathsimError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Sweeper(Protocol):
    """What `decision` offers to a scenario, which rests on this file."""

    def __call__(
        self, baseline: Any, key: str, levels: Iterable[float], *, target: str | None, **how: Any
    ) -> Any:
        """Simulate a baseline at each level of a lever."""


class Validator(Protocol):
    """What `decision` offers to a cohort."""

    def __call__(self, cohort: Any, *, observed: Any, scenario: Any, **how: Any) -> Any:
        """Hold what is foretold of people against what happened to them."""


_fetch: list[Callable[[], Sweeper]] = []
_fetch_validator: list[Callable[[], Validator]] = []


def register_sweep(fetch: Callable[[], Sweeper]) -> None:
    """Remember how to fetch what sweeps."""
    _fetch[:] = [fetch]


def sweeper() -> Sweeper:
    """Return what sweeps, as the front of the package gave it."""
    if not _fetch:
        raise PathsimError("sweeps need `import pathsim` first")
    (fetch,) = _fetch
    return fetch()


def register_validate(fetch: Callable[[], Validator]) -> None:
    """Remember how to fetch what holds a cohort against its outcomes."""
    _fetch_validator[:] = [fetch]


def validator() -> Validator:
    """Return what holds a cohort against its outcomes, as the front of the package gave it."""
    if not _fetch_validator:
        raise PathsimError("validation needs `import pathsim` first")
    (fetch,) = _fetch_validator
    return fetch()
