"""Everything public says what it takes and returns, and its examples do what they say."""

from __future__ import annotations

import doctest
import inspect
from itertools import pairwise

import pytest

import pathsim as ps
from test_type_hints import functions_of, public

PUBLIC = dict(public())
FUNCTIONS = [name for name, each in PUBLIC.items() if inspect.isfunction(each)]
EXAMPLES = [name for name in PUBLIC if name in ps.__all__]


def sections(each):
    """Return the headings of a docstring: what stands over a line of hyphens."""
    lines = inspect.getdoc(each).splitlines()
    return {one for one, below in pairwise(lines) if set(below) == {"-"}}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_what_it_takes_returns_and_shows_it(name):
    function = PUBLIC[name]
    due = {"Returns", "Examples"}
    parameters = [each for each in inspect.signature(function).parameters if each[0] != "_"]
    assert sections(function) >= due | ({"Parameters", "Raises"} if parameters else set())
    text = inspect.getdoc(function)
    told = text[text.find("Parameters\n") : text.find("Returns\n")]
    assert not [each for each in parameters if each not in told]


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name not in FUNCTIONS])
def test_a_class_shows_how_it_is_used(name):
    assert "Examples" in sections(PUBLIC[name])


@pytest.mark.parametrize("name", [name for name, each in PUBLIC.items() if inspect.isclass(each)])
def test_every_method_says_what_it_does(name):
    bare = [
        method
        for method, function in functions_of(PUBLIC[name])
        if method[0] != "_" and not inspect.getdoc(function)
    ]
    assert bare == []


@pytest.mark.filterwarnings("ignore::pathsim.InputWarning")  # of how words were read
@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_do_what_they_say(name):
    tests = doctest.DocTestFinder(recurse=True).find(PUBLIC[name], name, globs={})
    runner = doctest.DocTestRunner(optionflags=doctest.FAIL_FAST | doctest.ELLIPSIS)
    examples = 0
    for test in tests:
        assert not [each for each in test.examples if each.options.get(doctest.SKIP)]
        runner.run(test)
        examples += len(test.examples)
    assert examples > 0
    assert runner.failures == 0
