"""Mutants put into a running process: a fork has a changed function and runs the tests of it.

The process has loaded everything once: pathsim, its kernels, the tests. So a mutant costs a fork
and its tests. A changed constant of a module is put in place of the old one, which finds the test
that probably kills it: whether it does, a process of its own tells. A change that cannot be put
in is left to such a process too; so is a mutant that lived, since what ran at import did not again.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from mutations import Mutation

PASSED, FAILED, NOT_HERE, TIMED_OUT = 0, 1, 90, 1000
Verdict = tuple[int, str]
"""A code, and the test that failed."""
Tell = Callable[[Verdict], None]
Case = tuple[Mutation, list[str], float]
"""A mutant, its tests in order, and seconds for them."""


class Forks:
    """Judges mutants in forks of this process, in place of running the tests that it has."""

    def __init__(
        self, folder: Path, cases: Sequence[Case], tell: Callable[[Verdict], None]
    ) -> None:
        self._folder = folder
        self._cases = cases
        self._tell = tell
        self._items: dict[str, pytest.Item] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        gc.freeze()  # what is in memory stays shared
        for mutant, tests, seconds in self._cases:
            self._tell(self._judged(mutant, tests, seconds))
        return True

    def _judged(self, mutant: Mutation, tests: list[str], seconds: float) -> Verdict:
        mark = self._folder / "running"
        code = forked(lambda: self._run(tests, mark, mutant), seconds=seconds)
        if code != FAILED:
            return code, ""
        # The test that failed must pass over the source as it is, and in a fork like this one.
        culprit = mark.read_text(encoding="utf-8")
        if forked(lambda: self._run([culprit], mark, None), seconds=seconds) != PASSED:
            return self._judged(mutant, [test for test in tests if test != culprit], seconds)
        return code, culprit

    def _run(self, tests: list[str], mark: Path, mutant: Mutation | None) -> int:
        if mutant and not exchanged(self._folder, mutant):
            return NOT_HERE
        items = [self._items[test] for test in tests if test in self._items]
        for item, following in pairwise([*items, None]):
            mark.write_text(item.nodeid, encoding="utf-8")
            reports = runtestprotocol(item, nextitem=following, log=False)
            if any(report.failed for report in reports):
                return FAILED
        return PASSED


def forked(work: Callable[[], int], *, seconds: float) -> int:
    """Do the work in a fork; return its code, `TIMED_OUT` when time is up."""
    child = os.fork()
    if child == 0:
        os.setsid()
        code = FAILED
        try:
            code = work()
        finally:
            os._exit(code)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def exchanged(folder: Path, mutant: Mutation) -> bool:
    """Put the changed code into the function that is in memory; return whether that was possible.

    Whatever was kept of earlier calls is forgotten.
    """
    path = folder / mutant.file
    name = ".".join(Path(mutant.file).with_suffix("").parts[1:]).removesuffix(".__init__")
    outer: Any = sys.modules.get(name)
    if outer is None:
        return False
    forget()
    if not mutant.within:
        return constants_exchanged(outer, mutant)
    function = None
    for part in mutant.within.split("."):
        outer = vars(outer).get(part) if hasattr(outer, "__dict__") else None
        function = _function(outer)
        if function is not None:
            break
    if function is None:
        return False
    old, new = (
        _code(compile(text, str(path), "exec"), function.__code__)
        for text in (path.read_text(encoding="utf-8"), mutant.text)
    )
    if old is None or new is None or old == new or old.co_freevars != new.co_freevars:
        return False
    function.__code__ = new
    return True


def constants_exchanged(module: ModuleType, mutant: Mutation) -> bool:
    """Give a module, and those that took them from it, the constants of the changed source."""
    fresh = {name: vars(module)[name] for name in ("__name__", "__package__", "__file__")}
    try:
        exec(compile(mutant.text, str(module.__file__), "exec"), fresh)
    except (
        ArithmeticError,
        AttributeError,
        ImportError,
        LookupError,
        NameError,
        TypeError,
        ValueError,
    ):
        return False
    changed = {
        name: value
        for name, value in fresh.items()
        if _is_plain(value) and name in vars(module) and vars(module)[name] != value
    }
    for name, value in changed.items():
        old = vars(module)[name]
        for other in list(sys.modules.values()):
            if getattr(other, name, None) is old:
                setattr(other, name, value)
    return bool(changed)


def _is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, tuple | list | frozenset | set):
        return all(map(_is_plain, value))
    return isinstance(value, bool | int | float | str | bytes | None)


def forget() -> None:
    """Forget what functions have kept of earlier calls."""
    for module in [each for key, each in sys.modules.items() if key.startswith("pathsim")]:
        for each in list(vars(module).values()):
            if hasattr(each, "cache_clear"):
                each.cache_clear()


def _function(value: Any) -> FunctionType | None:
    """Return the function inside what a class or a module holds, None if there is none."""
    for name in ("fget", "func", "__func__", "__wrapped__"):
        while not isinstance(value, FunctionType | type) and hasattr(value, name):
            value = getattr(value, name)
    while isinstance(value, FunctionType) and hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value if isinstance(value, FunctionType) else None


def _code(within: CodeType, like: CodeType) -> CodeType | None:
    """Return the code in a module that has the name and the first line of another."""
    for each in within.co_consts:
        if isinstance(each, CodeType):
            same_line = each.co_firstlineno == like.co_firstlineno
            same = same_line and each.co_qualname == like.co_qualname
            found = each if same else _code(each, like)
            if found is not None:
                return found
    return None
