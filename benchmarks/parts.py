"""Parts of the kernel by themselves, behind adapters, with what else could do their work.

The calendar is measured by the hold model: the earliest event is taken and its owner gets another
one later, so that as many stand in it all the time. The queue of a pool is: one joins, and then
either the first is given a place or somebody in the middle loses patience. What is drawn is drawn
before, and every contestant must give the same answer.
"""

from __future__ import annotations

import heapq
import random
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from pathsim.engine.contract import Floats
from pathsim.engine.kernels.calendar import begin_tick, put, set_clock
from pathsim.engine.kernels.jit import inline_helper, kernel
from pathsim.engine.kernels.model import Model
from pathsim.engine.kernels.pools import enqueue, unqueue
from pathsim.engine.kernels.random import draw
from pathsim.engine.kernels.sampling import exponential
from pathsim.engine.kernels.views import struct_pointer
from pathsim.engine.kernels.workspace import Counter, Sizes, Workspace, allocate

from . import models
from .kernel import lowered

PERSON = np.uint64(0x9E3779B97F4A7C15)
_PURPOSE = np.uint64(7)
_ONCE = np.uint64(0)


@kernel
def _uniforms(out: Any, first: np.uint64) -> None:
    """Fill an array with a draw of each of so many people: the whole address every time."""
    for i in range(out.shape[0]):
        out[i] = draw(first + np.uint64(i), _PURPOSE, _ONCE)


@kernel
def _exponentials(out: Any, first: np.uint64) -> None:
    """Fill an array with an exponential draw of each of so many people."""
    for i in range(out.shape[0]):
        out[i] = exponential(draw(first + np.uint64(i), _PURPOSE, _ONCE))


def addressed(number: int, *, exponentials: bool = False) -> Floats:
    """Draw from pathsim's addressed generator."""
    out = np.empty(number)
    (_exponentials if exponentials else _uniforms)(out, PERSON)
    return out


def of_numpy(number: int, *, bits: str, exponentials: bool = False) -> Floats:
    """Draw from one of NumPy's generators, by inversion as pathsim does."""
    rng = np.random.Generator(getattr(np.random, bits)(1))
    if exponentials:
        return rng.standard_exponential(number, method="inv")
    return rng.random(number)


def of_python(number: int, *, exponentials: bool = False) -> Sequence[float]:
    """Draw from Python's Mersenne twister, one number a call."""
    rng = random.Random(1)
    if exponentials:
        return [rng.expovariate(1.0) for _ in range(number)]
    return [rng.random() for _ in range(number)]


_HEAP = int(Counter.HEAP)
_SIZES: dict[str, Any] = {
    "generations": 1,
    "groups": 1,
    "cells": 0,
    "services": 1,
    "pools": 1,
    "midnights": 1,
}
Timed = Callable[[], float]
"""What is timed, once: it uses up what it was prepared with."""


def workspace(people: int) -> Workspace:
    """Return a workspace with a slot and a spell for everybody, and an empty calendar and queue."""
    made = allocate(people, **_SIZES, sizes=Sizes(slots=people, spells=people, cases=1, log=0))
    made.heap_at.fill(-1)
    made.wheel.fill(-1)
    made.state["number"] = made.state["record"] = np.arange(people)
    made.spells["person"] = np.arange(people)
    made.pools["head"] = made.pools["tail"] = -1
    return made


@kernel
def _hold(work: Workspace, firsts: Any, waits: Any) -> float:
    """Run the hold model in the kernel's calendar; return the sum of the times of the events."""
    w = struct_pointer(work)
    set_clock(w, 0)
    for i in range(firsts.shape[0]):
        put(w, i, firsts[i], 0)
    total = 0.0
    for step in range(waits.shape[0]):
        while w.counters[_HEAP] == 0:
            begin_tick(w)
        now = w.heap[0].time
        total += now
        put(w, w.heap[0].slot, now + waits[step], 0)
    return total


def hold_in_the_calendar(firsts: Floats, waits: Floats) -> Timed:
    """Return the hold model in the kernel's calendar, giving the sum of the times of the events.

    firsts: times of everybody's first event, days. waits: from each event to the owner's next.
    """
    return partial(_hold, workspace(len(firsts)), firsts, waits)


def hold_in_heapq(firsts: Floats, waits: Floats) -> Timed:
    """Return the hold model in a Python heap."""
    heap = [(time, owner) for owner, time in enumerate(firsts.tolist())]
    heapq.heapify(heap)
    listed = waits.tolist()

    def timed() -> float:
        total = 0.0
        for wait in listed:
            now, owner = heap[0]
            total += now
            heapq.heapreplace(heap, (now + wait, owner))
        return total

    return timed


class Queue(NamedTuple):
    """What happens to a queue: at every step one joins, and one leaves."""

    waiting: int
    """How many wait from the beginning: numbers 0 and so on; further numbers join."""
    leaves: Any
    """[steps] -1: the first is given a place; else the number who loses patience."""


def queue(waiting: int, steps: int) -> Queue:
    """Draw a queue: half of those who leave it are given a place."""
    rng = random.Random(1)
    line = list(range(waiting))
    leaves = np.full(steps, -1)
    for step in range(steps):
        line.append(waiting + step)
        place = 0
        if rng.random() < 0.5:
            place = rng.randrange(len(line))
            leaves[step] = line[place]
        del line[place]
        # Spells are used again in turn, and nobody may wait for as long as that.
        assert waiting + step - line[0] < NODES
    return Queue(waiting, leaves)


NODES = 1 << 14


@inline_helper
def _checksum(sum_so_far: int, number: int) -> int:
    return (sum_so_far * 31 + number) % 1_000_003


@kernel
def _serve(m: Model, w: Workspace, waiting: int, leaves: Any) -> int:
    """Run a queue in the kernel's pool; return a checksum of who is given places, in order."""
    nodes = w.spells.shape[0]
    total = 0
    for number in range(waiting):
        enqueue(m, w, 0, number, 0)
    for step in range(leaves.shape[0]):
        enqueue(m, w, 0, (waiting + step) % nodes, 0)
        if leaves[step] < 0:
            first = w.pools[0].head
            total = _checksum(total, first)
            unqueue(m, w, 0, first)
        else:
            unqueue(m, w, 0, leaves[step] % nodes)
    return total


def serve_in_the_pool(asked: Queue) -> Timed:
    """Return a queue in the kernel's pool, giving a checksum of who gets places, in order."""
    model = lowered(models.m2).model
    return partial(_serve, model, workspace(NODES), asked.waiting, asked.leaves)


def serve_in_a_dictionary(asked: Queue) -> Timed:
    """Return a queue in an ordered dictionary, from which anybody can leave at once."""
    line = OrderedDict.fromkeys(range(asked.waiting))
    leaves = asked.leaves.tolist()

    def timed() -> float:
        total = 0
        for number, who in enumerate(leaves, start=asked.waiting):
            line[number] = None
            if who < 0:
                first, _ = line.popitem(last=False)
                total = (total * 31 + first % NODES) % 1_000_003
            else:
                del line[who]
        return total

    return timed
