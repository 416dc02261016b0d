"""The calendar against the simplest one there is: the smallest of all entries, found by looking."""

from __future__ import annotations

import numpy as np
import pytest

from generated import generated
from pathsim.engine.kernels.calendar import begin_tick, code_of, put, set_clock, take_out
from pathsim.engine.kernels.jit import kernel
from pathsim.engine.kernels.lifecycle import clear
from pathsim.engine.kernels.views import struct_pointer
from pathsim.engine.kernels.workspace import WHEEL_DAYS, Counter, Sizes, allocate, ticks_a_day
from pathsim.engine.lowering import lower
from pathsim.people.cohort import Cohort

SLOTS = 60
STEPS = 4_000
FIRST_DAY = -400
HEAP, STANDING = int(Counter.HEAP), int(Counter.STANDING)
PUT, TAKE_OUT = 0, 1


@kernel
def drive(given, steps, times, ranks, taken):
    """Do each step (kind, slot), then take the first out where the step says so: (slot, time)."""
    model, work = given
    clear(model, work)
    w = struct_pointer(work)
    set_clock(w, FIRST_DAY)
    for slot in range(SLOTS):
        w.heap_at[slot] = -1
        # Turns in another order than the slots.
        w.state[slot].turn = (slot * 7) % SLOTS
    for k in range(steps.shape[0]):
        if steps[k, 0] == PUT:
            put(w, steps[k, 1], times[k], ranks[k])
        else:
            take_out(w, steps[k, 1])
        taken[k, 0] = -1
        if steps[k, 2] and w.counters[STANDING] > 0:
            while w.counters[HEAP] == 0:
                begin_tick(w)
            taken[k, 0] = w.heap[0].slot
            taken[k, 1] = w.heap[0].time
            take_out(w, w.heap[0].slot)


def looked_up(steps, times, ranks):
    """Do the same with a dictionary that is searched from end to end."""
    standing, taken = {}, []
    for (kind, slot, takes), time, rank in zip(steps, times, ranks, strict=True):
        if kind == PUT:
            standing[slot] = (time, code_of(rank, (slot * 7) % SLOTS))
        else:
            standing.pop(slot, None)
        found = (-1, 0.0)
        if takes and standing:
            first = min(standing, key=standing.__getitem__)
            found = (first, standing.pop(first)[0])
        taken.append(found)
    return taken


def plan(seed):
    """Return steps in which nobody is entered before the time of the last one taken out."""
    rng = np.random.default_rng(seed)
    steps = np.stack(
        [
            rng.choice([PUT, TAKE_OUT], STEPS, p=[0.9, 0.1]),
            rng.integers(0, SLOTS, STEPS),
            rng.random(STEPS) < 0.8,
        ],
        axis=1,
    ).astype(np.int64)
    ranks = rng.integers(1, 19, STEPS)
    # Soon, later, and several turns of the wheel ahead; some at the same instant.
    ahead = rng.choice([0.0, 0.25, 1.0, 30.0, 400.0, 5.0 * WHEEL_DAYS], STEPS) * rng.integers(
        0, 3, STEPS
    )
    now, times, standing = float(FIRST_DAY), np.empty(STEPS), {}
    for k, (kind, slot, takes) in enumerate(steps.tolist()):
        times[k] = now + ahead[k]
        if kind == PUT:
            standing[slot] = (times[k], code_of(int(ranks[k]), (slot * 7) % SLOTS))
        else:
            standing.pop(slot, None)
        if takes and standing:
            now = standing.pop(min(standing, key=standing.__getitem__))[0]
    return steps, times, ranks


@pytest.fixture(scope="module", params=[1, 2, 16, 64])
def room(request):
    """Return a model, and a workspace of so many ticks a day."""
    scenario = generated(1)
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    midnights = int(lowered.tables.rules["intake"][0]) + 1
    people = request.param * midnights
    assert ticks_a_day(people, midnights) == request.param
    work = allocate(
        people,
        generations=1,
        groups=len(lowered.groups),
        cells=0,
        services=len(lowered.services),
        pools=lowered.tables.pool_capacity.shape[1],
        midnights=midnights,
        sizes=Sizes(slots=SLOTS, spells=1, cases=1, log=0),
    )
    return lowered.model, work


@pytest.mark.parametrize("seed", range(20))
def test_the_calendar_gives_the_order_of_a_plain_search(room, seed):
    """Put, move, take out and take the first, over many turns of the wheel: the same order."""
    steps, times, ranks = plan(seed)
    expected = looked_up(steps.tolist(), times.tolist(), ranks.tolist())
    taken = np.zeros((STEPS, 2))
    drive(room, steps, times, ranks, taken)
    assert [(int(slot), time if slot >= 0 else 0.0) for slot, time in taken] == expected
    assert times.max() > FIRST_DAY + 3 * WHEEL_DAYS
