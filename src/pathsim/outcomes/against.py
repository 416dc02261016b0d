"""What a study says of a scenario, and of options against a baseline."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pathsim.errors import warn_caller

from .balance import is_an_option, out_of_balance
from .changes import touched_services
from .custody_books import custody_books
from .in_states import compare_states, levels_in_states
from .names import EXPECTED_OUTCOMES, RATE, meaning
from .option import OptionResult
from .provenance import provenance
from .results import Comparison, Run
from .statistics import compare_pairs, estimate_levels, joined_levels, joined_pairs
from .unpaired import compare_apart
from .values import EVERYBODY, outcome_values, refilled, some_at_a_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pathsim.engine.contract import Floats, Ints
    from pathsim.study.run import StudyRuns
    from pathsim.study.runs import ScenarioRuns

    from .changes import Change
    from .provenance import Request
    from .statistics import Paired
    from .values import Row, Values


class Against:
    """Options compared with their baseline one by one, as their runs come.

    What is kept of an option are its statistics, and everybody's outcomes in each replication.
    """

    def __init__(
        self,
        request: Sequence[Request],
        changed: Sequence[tuple[Change, ...]],
        *,
        services: Iterable[str],
        draws: int,
    ) -> None:
        """Begin; request: the baseline, then the options; changed: of each option.

        services: ids of all that any of them has.
        """
        self._request, self._changed = request, changed
        self._compare = partial(compare_states, draws=draws) if draws else compare_pairs
        self._services = tuple(services)
        self._baseline: ScenarioRuns | None = None
        self._options: list[OptionResult] = []

    def take(self, runs: ScenarioRuns) -> None:
        """Take the runs of the next scenario, the baseline's first."""
        if self._baseline is None:
            self._baseline = runs
            return
        first, number = self._baseline, len(self._options)
        before, after = custody_books(first, runs)
        self._options.append(
            _option(
                self._request[1 + number],
                self._changed[number],
                outcome_values(first, services=self._services, more=before),
                outcome_values(refilled(runs, first), services=self._services, more=after),
                compare_with=self._compare,
            )
        )

    def comparison(self, study: StudyRuns) -> Comparison:
        """Return the comparison, once the runs of all scenarios are taken."""
        baseline = run_of(self._request, [study])
        return Comparison(baseline=baseline, options=tuple(self._options), states=study.states)


def unpaired_comparison(
    request: Sequence[Request], changed: Sequence[tuple[Change, ...]], studies: Sequence[StudyRuns]
) -> Comparison:
    """Return the comparison of scenarios that were simulated apart, with people of their own.

    What is refilled of custody is not: other people save no days for each other.
    """
    each_alone = [runs for study in studies for runs in study.runs]
    services = {name for runs in each_alone for name in runs.services}
    values = [outcome_values(runs, services=services) for runs in each_alone]
    run = run_of(request, studies)
    people = [value.sizes[EVERYBODY] for value in values]
    return Comparison(
        baseline=replace(run, provenance={**run.provenance, "unpaired": people}),
        options=tuple(
            _option(option, change, values[0], value, compare_with=compare_apart)
            for option, change, value in zip(request[1:], changed, values[1:], strict=True)
        ),
    )


def run_of(request: Sequence[Request], studies: Sequence[StudyRuns]) -> Run:
    """Return what the first of the scenarios comes to. studies: one, or one for each of them."""
    baseline, *_ = studies[0].runs
    values = outcome_values(baseline)
    origin = provenance(studies, request=request, people=values.sizes[EVERYBODY])
    draws = studies[0].plan.draws
    estimate = partial(levels_in_states, draws=draws) if draws else estimate_levels
    some = some_at_a_time(values.rows, replications=values.replications)
    found = joined_levels([estimate(values.aligned(rows)) for rows in some])
    made = Run(
        request=request[0],
        provenance=origin,
        values=values,
        levels=found,
    )
    # An option that is run alone may change disposals: that is its effect.
    alone = len(request) == 1 and is_an_option(made.request.scenario)
    return _looked_at(made) if studies[0].own_entries and not alone else made


def _looked_at(run: Run) -> Run:
    """Return a run with what is wrong with its entry shares, of which it warns."""
    off = out_of_balance(
        run.request.scenario,
        run.rows,
        run.levels.estimates,
        replications=run.provenance["replications"],
    )
    if off:
        warn_caller(off)
    return replace(run, out_of_balance=off)


def _option(
    request: Request,
    changed: tuple[Change, ...],
    baseline: Values,
    option: Values,
    *,
    compare_with: Callable[..., Paired] = compare_pairs,
) -> OptionResult:
    rows = tuple(dict.fromkeys([*baseline.rows, *option.rows]))
    # Some outcomes after others: together they would take much memory.
    paired = joined_pairs(
        [
            compare_with(baseline.aligned(some), option.aligned(some), better=_better(some))
            for some in some_at_a_time(rows, replications=option.replications)
        ]
    )
    services = touched_services(changed, request.scenario)
    return OptionResult(
        request,
        changed,
        services,
        rows,
        paired,
        option.sizes,
        *_of_everybody(rows, baseline, option),
        _by_group(rows, baseline, option),
    )


def _of_everybody(
    rows: Sequence[Row], baseline: Values, option: Values
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return the differences of everybody's outcomes in each replication, [R]; the option's own."""
    everybody = [row for row in rows if row[1] == EVERYBODY]
    own = option.aligned(everybody)
    differences = own - baseline.aligned(everybody)
    names = [outcome for outcome, _ in everybody]
    return dict(zip(names, differences.T, strict=True)), dict(zip(names, own.T, strict=True))


def _by_group(rows: Sequence[Row], baseline: Values, option: Values) -> dict[str, Floats]:
    """Return the differences of each group's rate in each replication, [R]."""
    rates = [row for row in rows if row[0] == RATE]
    differences = option.aligned(rates) - baseline.aligned(rates)
    return dict(zip((group for _, group in rates), differences.T, strict=True))


def _better(rows: Iterable[Row]) -> Ints:
    # The chance that a year turns out better is about luck, which what is expected leaves out.
    return np.array([0 if name in EXPECTED_OUTCOMES else meaning(name).better for name, _ in rows])
