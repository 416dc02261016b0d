"""Type hints of all that is public can be looked up, as editors and other libraries do."""

from __future__ import annotations

import inspect
import subprocess
import sys
from functools import cached_property
from typing import get_type_hints

import pytest

import pathsim as ps
from pathsim.decision.saved.kinds import RESULTS, class_of
from pathsim.outcomes.option import OptionResult

MADE_BY_PYTHON = ("__init__", "__getitem__", "__iter__", "__len__")
"""Of methods with underscores, those that people call, or call by a sign."""


def public():
    """Give everything public with its name: functions, classes, and what results are.

    `plot` is a module of its own, whose charts are tried where they are drawn.
    """
    for name in ps.__all__:
        if name != "__version__" and not inspect.ismodule(getattr(ps, name)):
            yield name, getattr(ps, name)
    for name in RESULTS:
        if name not in ps.__all__:
            yield name, class_of(name)
    yield "OptionResult", OptionResult


def functions_of(kind):
    """Give the public functions of a class, its own and those that it has from others of ours."""
    for base in kind.__mro__:
        if not base.__module__.startswith("pathsim"):
            continue
        for name, each in vars(base).items():
            found = each
            if isinstance(each, property):
                found = each.fget
            elif isinstance(each, cached_property):
                found = each.func
            elif isinstance(each, classmethod | staticmethod):
                found = each.__func__
            if inspect.isfunction(found) and (name[0] != "_" or name in MADE_BY_PYTHON):
                yield name, found


def hinted():
    for name, each in public():
        yield name, each
        for method, function in functions_of(each) if inspect.isclass(each) else ():
            yield f"{name}.{method}", function


HINTED = dict(hinted())


def test_methods_and_properties_are_among_what_is_tried():
    tried = {"run", "Run", "Run.rows", "Run.save", "Scenario.key", "Cohort.from_file"}
    assert tried | {"Comparison.__getitem__", "Decision.table"} <= HINTED.keys()
    assert len(HINTED) > 100


@pytest.mark.parametrize("name", HINTED)
def test_hints_can_be_looked_up(name):
    found = get_type_hints(HINTED[name])
    if inspect.isfunction(HINTED[name]) and not name.endswith("__init__"):
        assert "return" in found


def test_looking_them_up_is_what_costs_not_importing():
    code = "import sys, pathsim; print(*{'numba','pandas','scipy','pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
