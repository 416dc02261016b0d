"""The page of effects is what `make effects` writes; tests only compare."""

from __future__ import annotations

import pytest
from docs.effects import DORSET, OPTIONS, PAGE, page

from pathsim.scenario.load import load
from pathsim.study.effects.solve import differing, solve, without_studies


def test_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make effects"


@pytest.mark.parametrize("name", ["baseline", *OPTIONS])
def test_the_shipped_ratios_are_what_their_studies_give(name: str) -> None:
    scenario = load(DORSET / f"{name}.toml")
    found = solve(scenario)
    assert len(found) > 25
    assert differing(found) == []


def test_every_dorset_effect_rests_on_a_study_or_is_assumed() -> None:
    others = without_studies(load(DORSET / "baseline.toml"))
    assert {effect.grade for _, effect in others} == {"assumed"}
