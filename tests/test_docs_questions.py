"""The page of questions is made from the scenarios as they are, by commands that there are."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from pathsim.cli.sweep import parse_levels
from pathsim.decision.sweep import parse_target

ROOT = Path(__file__).parents[1]


def script():
    spec = importlib.util.spec_from_file_location("questions", ROOT / "docs" / "questions.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_of_these_scenarios():
    questions = script()
    page = questions.PAGE.read_text(encoding="utf-8")
    assert f"SHA-256: `{questions.inputs()}`" in page
    assert f"\n{questions.where()}\n## " in page
    assert len(re.findall(r"^\$ pathsim ", page, flags=re.M)) == 10


def test_the_sweeps_of_the_page_are_those_that_it_says():
    questions = script()
    page = questions.PAGE.read_text(encoding="utf-8")
    said = [parse_levels(text) for text in re.findall(r"--set (\S+)", page)]
    done = [(key, list(map(float, levels))) for key, levels in (questions.TAGS, questions.PLACES)]
    assert said == done
    assert [parse_target(text) for text in re.findall(r'--target "([^"]+)"', page)] == [
        parse_target(questions.WAIT)
    ]
