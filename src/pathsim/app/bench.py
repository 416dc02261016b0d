"""The work in the background: what somebody looks at is simulated, in more and more states.

One thread works, on what was asked for last and is still looked at. What is not looked at any more
is left at the next state of the world; what was done of it is kept, within bounds.
"""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections import OrderedDict
from contextvars import copy_context
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.engine.stop import Stopped
from pathsim.errors import InputError, Problem
from pathsim.outcomes.against import Against
from pathsim.outcomes.changes import changes
from pathsim.outcomes.provenance import Request
from pathsim.study.growing import Growing

from .heard import heard
from .sharp import STAGES, sharpness

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pathsim.outcomes.results import Comparison
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario
    from pathsim.study.growing import Line

    from .asked import Wanted

SEED: Final = 1
PER_DRAW: Final = 2
"""Replications of each state."""
_LOOKED_AT: Final = 5.0
"""Seconds after which nobody looks, if nobody asks again."""
_PATIENCE: Final = 300.0
"""Seconds that a download waits for what is simulated for it."""
_MOST_BASELINES: Final = 2
_MOST_BYTES: Final = 600_000_000
"""Of the runs of all options of a baseline; the one in work is kept whatever it takes."""
_MOST_ESTIMATES: Final = 24
_READY: Final = 64
"""States of the baseline that are simulated while there is nothing else to do."""


class Estimate(NamedTuple):
    """What was found so far."""

    draws: int
    """States of the world; 0: nothing yet."""
    enough: bool
    words: str
    """How sharp it is."""
    shown: Mapping[str, str]
    """Parts of the page by name."""
    notes: tuple[str, ...] = ()
    """What was warned of."""
    problems: tuple[str, ...] = ()
    """Why there is none."""


class _Ask:
    """Something that somebody looks at."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.seen = time.monotonic()


class _Left(Exception):  # noqa: N818 a change of mind, no error
    """Something else is to be done first."""


class _Baseline:
    """A baseline with its options, as they grow."""

    def __init__(self, growing: Growing, notes: list[str]) -> None:
        self.growing = growing
        self.notes = notes
        self.lines: OrderedDict[str, Line] = OrderedDict()


class Bench:
    """Estimates of what is looked at."""

    def __init__(
        self,
        show: Callable[[Comparison], Mapping[str, str]],
        people: Callable[[str], Cohort | None],
        *,
        baseline: Scenario,
        workers: int | None = None,
    ) -> None:
        """Begin to work, with the baseline first.

        show: makes the parts of the page. people: returns uploaded people by their mark. workers:
        threads; left out, one a processor.
        """
        self._show, self._people, self._workers = show, people, workers
        self._changed = threading.Condition()
        self._asks: OrderedDict[str, _Ask] = OrderedDict()
        self._estimates: OrderedDict[str, Estimate] = OrderedDict()
        self._baselines: OrderedDict[str, _Baseline] = OrderedDict()
        self._first = baseline
        self._closed = self._broken = False
        self._thread = threading.Thread(
            target=copy_context().run, args=[self._work], name="estimates", daemon=True
        )
        self._thread.start()

    def estimate(self, wanted: Wanted, *, wait: float = 0.0, beyond: int = 0) -> Estimate:
        """Return what is known by now, and work on it as long as this is called again.

        wait: seconds, until there is an estimate in more than `beyond` states.
        """
        key, until = _key(wanted), time.monotonic() + wait
        with self._changed:
            if key in self._asks:
                self._asks[key].seen = time.monotonic()
            else:
                self._asks[key] = _Ask(wanted)
            self._changed.notify_all()
            while True:
                found = self._estimates.get(key)
                left = until - time.monotonic()
                done = found is not None and (found.enough or found.draws > beyond)
                if done or left <= 0.0 or self._closed:
                    return found or Estimate(0, False, "", {})
                self._changed.wait(left)

    def comparison(self, wanted: Wanted, draws: int) -> Comparison:
        """Return the comparison in so many states, which were shown. Raises InputError."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until and not self._closed:
            found = self.estimate(wanted, wait=_LOOKED_AT / 2.0, beyond=draws - 1)
            if found.problems:
                raise InputError(*(Problem(each) for each in found.problems))
            if found.enough and found.draws < draws:
                message, allowed = "are more states than are simulated", f"up to {found.draws}"
                raise InputError(Problem(message, key="draws", found=draws, allowed=allowed))
            ready = self._ready(wanted, draws)
            if ready is not None:
                with heard():
                    return _comparison(ready[0], wanted, ready[1], draws)
        message, allowed = "took too long to simulate", "the same again, or `pathsim compare`"
        raise InputError(Problem(message, key="draws", found=draws, allowed=allowed))

    def _ready(self, wanted: Wanted, draws: int) -> tuple[Growing, list[Line]] | None:
        """Return what has been simulated in so many states; None: not all of it, or not any more.

        Then it is simulated again.
        """
        with self._changed:
            baseline = self._baselines.get(_baseline_key(wanted))
            found = (
                []
                if baseline is None
                else [
                    line for each in wanted.options if (line := baseline.lines.get(_content(each)))
                ]
            )
            if baseline is not None and len(found) == len(wanted.options):
                every = (baseline.growing.baseline, *found)
                if all(each.done.issuperset(range(draws)) for each in every):
                    return baseline.growing, found
            known = self._estimates.get(_key(wanted))
            if known is not None and known.draws >= draws:
                del self._estimates[_key(wanted)]
            return None

    def close(self) -> None:
        """End the work, and wait for its end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                key = self._next()
                while key is None and not self._closed and not self._is_idle():
                    self._changed.wait(1.0)
                    key = self._next()
                if self._closed:
                    return
                wanted = None if key is None else self._asks[key].wanted
            try:
                if key is None or wanted is None:
                    self._get_ready()
                else:
                    self._advance(key, wanted)
            except (_Left, Stopped):
                continue
            except InputError as error:
                self._fail(key, tuple(str(each) for each in error.problems))
            except Exception as error:  # noqa: BLE001 the page says it, and the work goes on
                if os.environ.get("PATHSIM_DEBUG"):
                    traceback.print_exception(error)
                self._fail(key, (f"internal error: {type(error).__name__}, please report",))

    def _next(self) -> str | None:
        """Return what was asked for last and is still looked at, if it is not sharp enough."""
        now = time.monotonic()
        for key in [k for k, each in self._asks.items() if now - each.seen > _LOOKED_AT]:
            del self._asks[key]
        for key in reversed(self._asks):
            found = self._estimates.get(key)
            if found is None or not found.enough:
                return key
        return None

    def _is_idle(self) -> bool:
        """Return whether the first baseline can be made ready meanwhile."""
        if self._broken:
            return False
        known = self._baselines.get(_content(self._first))
        return known is None or len(known.growing.baseline.done) < _READY

    def _get_ready(self) -> None:
        """Simulate the first baseline, until something is asked for."""
        key = _content(self._first)
        baseline = self._baselines.get(key) or self._make(key, self._first, "")

        def check() -> None:
            with self._changed:
                if self._closed or self._next() is not None:
                    raise _Left

        line = baseline.growing.baseline
        baseline.growing.grow(line, min(max(2 * len(line.done), 4), _READY), check=check)

    def _advance(self, key: str, wanted: Wanted) -> None:
        """Bring an estimate to the next stage."""
        found = self._estimates.get(key)
        draws = next(each for each in STAGES if found is None or each > found.draws)

        def check() -> None:
            with self._changed:
                if self._closed or self._next() != key:
                    raise _Left

        place = _baseline_key(wanted)
        baseline = self._baselines.get(place) or self._make(place, wanted.baseline, wanted.people)
        self._baselines.move_to_end(place)
        growing, notes, lines = baseline.growing, list(baseline.notes), []
        growing.grow(growing.baseline, draws, check=check)
        for option in wanted.options:
            with heard() as said:
                line = self._line(baseline, option)
            notes += said
            lines.append(line)
            growing.grow(line, draws, check=check)
        with heard():
            result = _comparison(growing, wanted, lines, draws)
            told = sharpness(result)
            shown = self._show(result)
        self._keep(key, Estimate(draws, *told, shown, tuple(dict.fromkeys(notes))))
        self._forget(baseline, {_content(each) for each in wanted.options})

    def _make(self, key: str, scenario: Scenario, people: str) -> _Baseline:
        cohort = self._people(people) if people else None
        with heard() as notes:
            growing = Growing(
                scenario,
                seed=SEED,
                per_draw=PER_DRAW,
                most=STAGES[-1],
                workers=self._workers,
                cohort=cohort,
            )
        with self._changed:
            self._baselines[key] = _Baseline(growing, notes)
            while len(self._baselines) > _MOST_BASELINES:
                oldest = next(k for k in self._baselines if k != key)
                del self._baselines[oldest]
            return self._baselines[key]

    def _line(self, baseline: _Baseline, option: Scenario) -> Line:
        content = _content(option)
        if content not in baseline.lines:
            baseline.lines[content] = baseline.growing.line(option)
        baseline.lines.move_to_end(content)
        return baseline.lines[content]

    def _forget(self, baseline: _Baseline, needed: set[str]) -> None:
        """Drop the runs of options that were looked at longest ago."""
        with self._changed:
            for content in list(baseline.lines):
                if sum(each.nbytes for each in baseline.lines.values()) <= _MOST_BYTES:
                    return
                if content not in needed:
                    del baseline.lines[content]

    def _keep(self, key: str, estimate: Estimate) -> None:
        with self._changed:
            self._estimates[key] = estimate
            self._estimates.move_to_end(key)
            while len(self._estimates) > _MOST_ESTIMATES:
                self._estimates.popitem(last=False)
            self._changed.notify_all()

    def _fail(self, key: str | None, problems: tuple[str, ...]) -> None:
        if key is None:
            self._broken = True  # whoever asks for something is told
            return
        self._keep(key, Estimate(0, True, "", {}, problems=problems))


def _comparison(growing: Growing, wanted: Wanted, lines: list[Line], draws: int) -> Comparison:
    both = (wanted.baseline, *wanted.options)
    request = [Request(each.title, None, each) for each in both]
    changed = [changes(wanted.baseline, each) for each in wanted.options]
    services = {name for each in both for regime in each.regimes for name in regime.services}
    against = Against(request, changed, services=services, draws=draws)
    study = growing.study(draws, lines, seconds=0.0)
    against.take(study.runs[0])
    for line in lines:
        against.take(growing.runs(line, draws))
    return against.comparison(study)


def _content(scenario: Scenario) -> str:
    """Return what tells scenarios apart that do different things."""
    text = scenario.model_dump_json(exclude={"title", "description"})
    return sha256(text.encode()).hexdigest()


def _baseline_key(wanted: Wanted) -> str:
    return _content(wanted.baseline) + wanted.people


def _key(wanted: Wanted) -> str:
    titles = [each.title for each in (wanted.baseline, *wanted.options)]
    content = [_content(each) for each in (wanted.baseline, *wanted.options)]
    return sha256(repr((titles, content, wanted.people)).encode()).hexdigest()
