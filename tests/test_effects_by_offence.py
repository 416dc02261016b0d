"""Studies of one kind of offence, and effects on one kind: what is solved, refused and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.outcomes.changes import changes, touched_services
from pathsim.outcomes.effects import effects
from pathsim.people import counts
from pathsim.people.cohort import Cohort
from pathsim.present.pages import effect as effect_on_the_page
from pathsim.scenario.effect import Study
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.study.effects.population import Population
from pathsim.study.effects.solve import reproduce, solve
from pathsim.study.effects.told import alike, as_data, reported
from pathsim.vocabulary import OFFENCE_GROUPS
from textbook import YEAR, case, service

DATA = Path(__file__).parent / "data" / "scenarios"
FORMULA = 1e-9
MONTE_CARLO = 4.0
"""Standard errors of a share of people."""
SAME = 0.4
VIOLENCE = OFFENCE_GROUPS.index("violence")
OF_MIX = (1.0 - SAME) * float(counts.offence_mix()[0, VIOLENCE])
"""Share of violence among the next offences of adults whose index offence is another."""


def study(**said: Any) -> Study:
    return Study(name="a trial", source="made for a test", design="rct", **said)


def people(
    *, own: tuple[str, ...] = ("violence",), sigma: float = 0.0, each: int = 100, **sections: Any
) -> Scenario:
    rows = [{"people": each, "offence_group": name} for name in own]
    hazard = {"adult_level": 0.003, "youth_level": 0.003, "frailty_sigma": sigma}
    return case(*rows, hazard=hazard, offending={"same_group_share": SAME}, **sections)


def population(**said: Any) -> Population:
    scenario = people(**said)
    return Population(scenario, Cohort.from_scenario(scenario))


HALVED: dict[str, Any] = {"measure": "rates", "treated": 0.27, "untreated": 0.30}
NAIVE = np.log(0.73) / np.log(0.70)


def test_a_study_of_one_kind_gives_the_ratio_on_that_kind():
    one_kind = study(**HALVED, reoffending=["violence"])
    found = reproduce(one_kind, population(), acts_on=("violence",))
    assert found.ratio == pytest.approx(NAIVE, rel=FORMULA)
    assert reproduce(one_kind, population()).ratio == pytest.approx(NAIVE, rel=FORMULA)


def test_a_study_of_all_offences_needs_more_of_an_effect_on_some():
    found = reproduce(study(**HALVED), population(), acts_on=("violence",))
    part = SAME + OF_MIX
    assert 1.0 - part + part * found.ratio == pytest.approx(NAIVE, rel=1e-7)
    frequency = study(measure="frequency_ratio", ratio=0.9, low=0.8, high=1.1)
    found = reproduce(frequency, population(), acts_on=("violence",))
    due = [(ratio - (1.0 - part)) / part for ratio in (0.9, 0.8, 1.1)]
    assert [found.ratio, found.low, found.high] == pytest.approx(due, rel=FORMULA)


def test_of_different_people_the_part_acted_on_is_each_ones_own():
    mixed = population(own=("violence", "drugs"))
    risks = mixed.risks((), acts_on=("violence",))
    assert sorted(risks.part) == pytest.approx([OF_MIX, SAME + OF_MIX])
    assert risks.base == pytest.approx([0.003, 0.003])
    counted = mixed.risks((), counted=("violence",), acts_on=("violence",))
    assert counted.part is None
    assert sorted(counted.base / 0.003) == pytest.approx([OF_MIX, SAME + OF_MIX])
    assert reproduce(
        study(measure="frequency_ratio", ratio=0.9), mixed, acts_on=("violence",)
    ).ratio == pytest.approx(1.0 - 0.1 / (SAME / 2 + OF_MIX), rel=FORMULA)


def test_what_an_effect_on_some_cannot_bring_about_is_refused():
    strong = study(measure="rates", treated=0.05, untreated=0.30)
    with pytest.raises(InputError, match=r"0\.05 is not reached: 0\.\d+ reoffend in other ways"):
        reproduce(strong, population(), acts_on=("violence",))
    weak = study(measure="rates", treated=0.999999, untreated=0.30, follow_up_days=1)
    with pytest.raises(InputError, match=r"is not reached by a ratio of 1000"):
        reproduce(weak, population(), acts_on=("sexual",))
    with pytest.raises(
        InputError, match=r"counts no offence on which the effect acts; found .theft."
    ):
        reproduce(study(**HALVED, reoffending=["theft"]), population(), acts_on=("violence",))


TRIED = {
    "of that kind": (study(**HALVED, reoffending=["violence"]), ["violence"]),
    "of all": (study(**HALVED), ["violence", "public_order"]),
    "of another breadth": (
        study(**HALVED, reoffending=["violence", "theft"]),
        ["violence", "fraud"],
    ),
}


@pytest.mark.parametrize("name", TRIED)
def test_a_trial_in_the_engine_finds_what_the_study_reports(name):
    """With frailty, and people of two kinds: those who commit what the study counts are counted."""
    reported_by, acts_on = TRIED[name]
    said: dict[str, Any] = {"own": ("violence", "drugs"), "sigma": 1.0}
    among = population(**said)
    ratio = reproduce(reported_by, among, acts_on=acts_on).ratio
    risks = among.risks((), counted=reported_by.groups_counted)
    level = risks.level(0.30) / among.met(YEAR)
    treatment = service(days=2 * YEAR, ends_on=[], hazard_ratio=ratio, acts_on=acts_on)
    counted = [OFFENCE_GROUPS.index(group) for group in reported_by.groups_counted]
    shares = []
    for services in ({}, {"treatment": treatment}):
        trial = people(**said, each=20_000, services=services)
        trial = trial.change("As in the study", {"hazard.adult_level": 0.003 * level})
        lowered = lower(trial, Cohort.from_scenario(trial))
        who: list[int] = []
        for k in range(3):
            _, log = simulate(lowered, seed=4, replication=k, keep_log=True)
            assert log is not None
            does = (log.event == Event.REOFFENCE) & np.isin(log.detail, counted)
            who += (log.person[does] + k * len(lowered.ids)).tolist()
        shares.append(len(set(who)) / (3 * len(lowered.ids)))
    error = np.sqrt(0.21 / (3 * 40_000))
    assert abs(shares[0] - 0.30) < MONTE_CARLO * error
    assert abs(shares[1] - 0.27) < MONTE_CARLO * error


SAID = """\
acts_on = ACTS_ON

[services.gps_tag.hazard_ratio]
value = 0.8
source = "a test"
grade = "rct"
rule = "study"

[[services.gps_tag.hazard_ratio.studies]]
name = "one"
source = "a test"
design = "rct"
measure = "odds"
ratio = 0.8
untreated = 0.3
reoffending = REOFFENDING
"""


def written(folder: Path, *, acts_on: str = '["violence"]', reoffending: str = '"all"') -> Path:
    """Return a scenario file whose tag has a study, and acts on some offences."""
    effect = SAID.replace("ACTS_ON", acts_on).replace("REOFFENDING", reoffending)
    text = (DATA / "baseline.toml").read_text(encoding="utf-8")
    bare = 'hazard_ratio = 0.75\npayer = "pcc"\n'
    assert text.count(bare) == 1
    file = folder / "baseline.toml"
    file.write_text(text.replace(bare, 'payer = "pcc"\n' + effect), encoding="utf-8")
    return file


ALLOWED = ", ".join(OFFENCE_GROUPS)
REFUSED = {
    '["violense"]': rf"\[0\]: is not known here; did you mean 'violence'\?.*allowed: {ALLOWED}",
    '"theft"': r": offence groups are a list, also one alone; found 'theft'; allowed",
    "[]": rf': names no offence group; found \[\]; allowed: "all", or one or more of {ALLOWED}',
    '["theft", "fraud", "theft"]': r"\[2\]: names an offence group that is named before; once",
    '"al"': r": is not known here; did you mean 'all'\?; found 'al'",
    "3": r": has the wrong type; found 3",
}


@pytest.mark.parametrize("value", REFUSED)
@pytest.mark.parametrize(
    ("key", "place"), [("acts_on", r"acts_on"), ("reoffending", r"hazard_ratio\.studies\[0\]\.\w+")]
)
def test_what_names_no_offence_groups_is_refused(key, place, value, tmp_path):
    file = written(tmp_path, **{key: value})
    line = next(
        n for n, each in enumerate(file.read_text("utf-8").splitlines(), 1) if f"{key} =" in each
    )
    with pytest.raises(InputError, match=rf":\d+: services\.gps_tag\.{place}{REFUSED[value]}") as e:
        load(file)
    assert e.value.problems[0].line == line


def test_an_option_may_turn_an_effect_back_to_all(tmp_path):
    scenario = load(written(tmp_path))
    assert scenario.services["gps_tag"].groups_acted_on == ("violence",)
    assert scenario.services["iom_fixed"].groups_acted_on == OFFENCE_GROUPS
    back = scenario.change("All", {"services.gps_tag.acts_on": "all"})
    assert back.services["gps_tag"].groups_acted_on == OFFENCE_GROUPS


def test_it_is_said_on_what_an_effect_acts_and_what_a_study_counts(tmp_path):
    scenario = load(
        written(tmp_path, acts_on='["theft", "criminal_damage"]', reoffending='["theft"]')
    )
    row = scenario._repr_html_()
    assert "<td>0.8 on theft, criminal damage</td>" in row
    assert effect_on_the_page(scenario.services["gps_tag"])[0] == "hazard of theft, criminal damage"
    more = scenario.change("more", {"services.gps_tag.capacity": 36})
    found = changes(scenario, more)
    (acting,) = effects(found, touched_services(found, more), more)
    assert acting.in_words().endswith("hazard_ratio 0.8, rct, on theft, criminal damage")
    (solved,) = solve(scenario)
    (told,) = as_data([solved])
    assert told["acts_on"] == ["theft", "criminal_damage"]
    assert told["studies"][0]["reoffending"] == ["theft"]
    assert reported(solved.studies[0][0]) == "odds x 0.8, of theft"
    other = solved._replace(acts_on=("theft",))
    assert alike([solved, other]) == [[solved], [other]]
