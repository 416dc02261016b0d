"""An option in phases: what holds from which day, nothing before it, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from generated import generated
from pathsim.engine.contract import Event
from pathsim.engine.kernels.engine import replicate
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.outcomes.changes import by_phase, touched_services
from pathsim.people.cohort import Cohort
from pathsim.present.report import report_html
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from textbook import FOREVER, Story, case, service

SEEDS = [seed for seed in range(60) if len(generated(seed).regimes) > 1]
WINDOW = 100.0


def rolled_out(**phases: Any) -> Scenario:
    """Return ten people who want a service for ever, and the option of places by phases."""
    tag = service(days=FOREVER, capacity=2, cost_per_place_year_gbp=365.0)
    scenario = case(
        {"people": 10}, follow_up={"intake_days": WINDOW, "days": WINDOW}, services={"tag": tag}
    )
    said = [{"from_day": float(k[1:]), "services.tag.capacity": n} for k, n in phases.items()]
    return scenario.change("Roll-out", {"phases": said})


def test_places_that_come_in_two_phases_fill_by_hand():
    scenario = rolled_out(d30=4, d60=7)
    assert [each.from_day for each in scenario.regimes] == [None, 30.0, 60.0]
    story = Story(scenario)
    assert story.times(Event.SERVICE_START).tolist() == [0.0] * 2 + [30.0] * 2 + [60.0] * 3
    place_days = 2 * 30 + 4 * 30 + 7 * 40
    assert story.counts.busy_days.tolist() == [place_days]
    assert story.counts.queue_days.tolist() == [10 * WINDOW - place_days]
    table = ps.run(scenario, replications=1).table().set_index(["outcome", "group"])["mean"]
    assert table["service.tag.utilisation", "all"] == 1.0
    assert table["cost_total", "all"] == place_days  # a pound a day each


def test_places_that_go_in_a_phase_are_left_as_they_fall_free():
    tag = service(days=25, capacity=4)
    scenario = case({"people": 10}, follow_up={"intake_days": WINDOW}, services={"tag": tag})
    phases = [{"from_day": 30, "services.tag.capacity": 1}, {"from_day": 60, "scale": 3}]
    story = Story(scenario.change("Fewer, then more", {"phases": phases}))
    # Four until day 50 in the second round; then one, and three from day 60 on.
    starts = [0.0] * 4 + [25.0] * 4 + [50.0] + [60.0]
    assert story.times(Event.SERVICE_START).tolist() == starts


def test_one_phase_is_an_option_with_a_day():
    scenario = rolled_out(d30=4)
    assert scenario == scenario.before.change(
        "Roll-out", {"services.tag.capacity": 4}, from_day=30.0
    )


def test_phases_one_after_another_are_options_one_after_another():
    scenario = rolled_out(d30=4, d60=7)
    first = scenario.regimes[0].change("Roll-out", {"services.tag.capacity": 4}, from_day=30.0)
    assert scenario == first.change("Roll-out", {"services.tag.capacity": 7}, from_day=60.0)


def run(scenario: Scenario, *, seed: int) -> tuple[Lowered, Any, Any]:
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    counts, log = simulate(lowered, seed=seed, replication=seed, keep_log=True)
    return lowered, counts, log


@pytest.mark.parametrize("seed", SEEDS)
def test_before_its_day_a_phase_changes_no_bit(seed):
    whole = generated(seed)
    rows = {}
    for number, scenario in enumerate(whole.regimes):
        lowered, _, log = run(scenario, seed=seed)
        before = [
            (time, person, event, lowered.services[detail] if event in OF_SERVICES else detail)
            for time, person, event, detail in zip(*(c.tolist() for c in log), strict=True)
        ]
        day = scenario.from_day
        if day is not None:
            earlier = [row for row in rows[number - 1] if row[0] < day]
            assert [row for row in before if row[0] < day] == earlier
        rows[number] = before


OF_SERVICES = {
    Event.REFERRAL,
    Event.REFUSED,
    Event.WAIT,
    Event.TURNED_AWAY,
    Event.SERVICE_START,
    Event.RENEGE,
    Event.WITHDRAW,
    Event.SERVICE_COMPLETE,
    Event.SERVICE_DROP_OUT,
    Event.SERVICE_STOP,
    Event.AFTER_END,
}


@pytest.mark.parametrize("seed", SEEDS[:12])
def test_a_phase_that_says_the_same_changes_no_bit(seed):
    """Also in between: the day is one on which nothing happens."""
    whole = generated(seed)
    told = {**whole.model_dump(), "title": "the same", "before": whole.model_dump()}
    for day in (0.3, 41.7):
        same = Scenario.model_validate({**told, "from_day": whole.from_day + day})
        (_, one, log), (_, other, other_log) = (run(each, seed=seed) for each in (whole, same))
        assert all(np.array_equal(a, b) for a, b in zip(log, other_log, strict=True))
        for name in ("person", "load", "busy_days", "queue_days", "in_custody"):
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_no_number_of_phases_compiles_anything():
    run(generated(SEEDS[0]), seed=1)
    compiled = len(replicate.signatures)
    numbers = {len(generated(seed).regimes) for seed in range(60)}
    assert len(numbers) > 3
    for seed in range(20):
        run(generated(seed), seed=seed)
    assert len(replicate.signatures) == compiled == 1


# Files

BASELINE = """\
title = "Small"
source = "made for a test"
grade = "definition"
follow_up = { days = 365, waiting_days = 0, intake_days = 365 }
hazard = { score = "none", adult_level = 0.003, youth_level = 0.003 }
sentencing = { disposals = { fine = 1.0 }, custody_days = 30 }

[cohort]
kind = "rows"
rows = [{ people = 60, disposal = "community_order" }]

[services.tag]
title = "Tag"
trigger = { disposals = ["community_order"] }
referral = 0.9
capacity = 18
duration_days = 60
hazard_ratio = 0.75
"""
PHASES = """\
extends = "baseline.toml"
title = "More tags by and by"
source = "the plan"
grade = "choice"

[[phases]]
from_day = 0
services.tag.capacity = 24

[[phases]]
from_day = 91
services.tag.capacity = 30
services.tag.hazard_ratio = { value = 0.7, source = "a study", grade = "rct" }

[[phases]]
from_day = 183

[phases.services.tag]
capacity = 36
source = "the budget"
grade = "expert"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    (tmp_path / "phases.toml").write_text(PHASES, encoding="utf-8")
    return tmp_path


def test_each_phase_is_laid_over_the_one_before(folder):
    option = load(folder / "phases.toml")
    tags = [each.services["tag"] for each in option.regimes]
    assert [each.from_day for each in option.regimes] == [None, 0.0, 91.0, 183.0]
    assert [each.capacity.value for each in tags] == [18, 24, 30, 36]
    assert [each.hazard_ratio.value for each in tags] == [0.75, 0.75, 0.7, 0.7]
    assert [each.capacity.source for each in tags][1:] == ["the plan", "the plan", "the budget"]
    assert tags[3].hazard_ratio.source == "a study"
    assert {each.title for each in option.regimes} == {"Small", "More tags by and by"}
    assert "from day 0, 91, 183" in repr(option)


def test_what_stands_beside_phases_holds_from_the_first_day(folder):
    text = PHASES.replace(
        "[[phases]]\nfrom_day = 0", "services.tag.referral = 1.0\n\n[[phases]]\nfrom_day = 0"
    )
    (folder / "both.toml").write_text(text, encoding="utf-8")
    regimes = load(folder / "both.toml").regimes
    assert [each.services["tag"].referral.value for each in regimes] == [1.0] * 4
    assert regimes[0].title == "More tags by and by"


def test_phases_are_the_same_after_a_write_and_a_read(folder):
    option = load(folder / "phases.toml")
    (folder / "again.toml").write_text(option.to_toml(), encoding="utf-8")
    assert load(folder / "again.toml") == option


def test_options_of_different_days_lie_over_each_other(folder):
    option = load(folder / "phases.toml")
    early = option.change("Refer more", {"services.tag.referral": 1.0}, from_day=50)
    assert [each.from_day for each in early.regimes] == [None, 0.0, 50.0, 91.0, 183.0]
    tags = [each.services["tag"] for each in early.regimes]
    assert [each.referral.value for each in tags] == [0.9, 0.9, 1.0, 1.0, 1.0]
    assert [each.capacity.value for each in tags] == [18, 24, 24, 30, 36]
    on_a_day = option.change("Refer more", {"services.tag.referral": 1.0}, from_day=91)
    assert [each.services["tag"].referral.value for each in on_a_day.regimes] == [0.9, 0.9, 1, 1]
    text = 'extends = ["phases.toml", "later.toml"]\ntitle = "Both"\nfrom_day = 120\n'
    (folder / "both.toml").write_text(text, encoding="utf-8")
    later = 'extends = "baseline.toml"\ntitle = "Later"\nservices.tag.duration_days = 90\n'
    (folder / "later.toml").write_text(later, encoding="utf-8")
    both = load(folder / "both.toml")
    assert [each.from_day for each in both.regimes] == [None, 0.0, 91.0, 120.0, 183.0]
    lasts = [each.services["tag"].duration_days.expected() for each in both.regimes]
    assert lasts == [60, 60, 60, 90, 90]


def test_every_phase_is_told_and_a_pilot_is_not_idle(folder):
    text = PHASES[: PHASES.index("[[phases]]\nfrom_day = 183")] + (
        "[[phases]]\nfrom_day = 183\nservices.tag = { capacity = 18, hazard_ratio = 0.75 }\n"
    )
    (folder / "pilot.toml").write_text(text, encoding="utf-8")
    baseline, pilot = load(folder / "baseline.toml"), load(folder / "pilot.toml")
    result = ps.compare(baseline, pilot, replications=2)
    changed = {change.key: change for change in result.options[0].changes}
    told = changed["before.services.tag.capacity"]
    assert (told.before, told.after) == (18, 30)
    told = changed["before.before.services.tag.capacity"]
    assert (told.before, told.after) == (18, 24)
    assert touched_services(changed.values(), pilot) == ("tag",)


@pytest.mark.parametrize(
    ("phases", "told", "in_force"),
    [
        (
            [{"from_day": 180, "services.tag.capacity": 30}],
            ["from day 180"],
            "In force from day 180 of the intake window; the baseline holds until then.",
        ),
        (
            [
                {"from_day": 5, "services.tag.capacity": 24},
                {"from_day": 91, "services.tag.capacity": 18},
            ],
            ["from day 5 until day 91"],
            "In force in phases: what changes when stands below.",
        ),
        (
            [
                {"from_day": 0, "services.tag.capacity": 24},
                {"from_day": 91, "services.tag.capacity": 30},
            ],
            ["from day 0 until day 91", "from day 91"],
            "In force in phases: what changes when stands below.",
        ),
    ],
    ids=["one day", "a pilot", "two days"],
)
def test_a_report_tells_each_phase_with_its_days_and_nothing_of_from_day(
    folder, phases, told, in_force
):
    baseline = load(folder / "baseline.toml")
    result = ps.compare(baseline, baseline.change("Dated", {"phases": phases}), replications=2)
    page = report_html(result)
    assert list(dict.fromkeys(re.findall(r"<td>((?:from|until) day [^<]*)</td>", page))) == told
    assert f'<p class="quiet">{in_force}' in page
    assert "services.<wbr>tag.<wbr>capacity" in page
    assert "from_<wbr>day" not in page
    assert "before.<wbr>" not in page
    always = ps.compare(baseline, baseline.change("More", {"services.tag.capacity": 19}))
    assert re.findall(r"<td>(?:from|until) day", report_html(always)) == []
    assert '<p class="quiet">In force throughout.' in report_html(always)


def test_another_day_than_that_of_a_dated_baseline_is_a_change(folder):
    first = load(folder / "baseline.toml")
    early, late = (
        first.change(f"From {day}", {"services.tag.capacity": 24}, from_day=day)
        for day in (90, 120)
    )
    (option,) = ps.compare(early, late, replications=2).options
    found = by_phase(option.changes, late)
    assert {days: [each[:3] for each in told] for days, told in found.items()} == {
        "from day 120": [("from_day", 90.0, 120.0)]
    }


BY_RISK = 'services.tag.order = "highest_risk"'
NOTHING = "changes nothing; allowed: [[phases]] with from_day and what changes on that day"
AFTER = "from_day: must be after the day of the phase before"
NO_DAY = "phases[0]: has no from_day, the day on which the phase begins"
BESIDE = (
    "from_day: is given beside phases, each of which has a day of its own; found 5; "
    "allowed: one of the two"
)
WORD = "from_day: has the wrong type; found '0'; allowed: a number"
FAR = "from_day: is out of range; found 1000000000.0; allowed: 1000000 or less"
WHOLE = "belongs to the option as a whole, not to a phase"
LESS = "is out of range; found -1; allowed: a whole number, between 0 and 1000000000"
DATED = "cannot be changed by an option with from_day"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from_day = 91", "from_day = 0", f"11: phases[1].{AFTER}; found 0; allowed: above 0"),
        ("from_day = 183", "from_day = 91", f"16: phases[2].{AFTER}; found 91; allowed: above 91"),
        ("services.tag.capacity = 24\n", "", f"6: phases[0]: {NOTHING}"),
        ("services.tag.capacity = 24", 'source = "x"', f"6: phases[0]: {NOTHING}"),
        ("from_day = 0\n", "", f"6: {NO_DAY}"),
        ("from_day = 0\n", "from_dy = 0\n", f"6: {NO_DAY}; did you mean 'from_day'?"),
        ("from_day = 0", 'from_day = "0"', f"7: phases[0].{WORD}"),
        ("from_day = 183", "from_day = 1e9", f"16: phases[2].{FAR}"),
        ('grade = "choice"', 'grade = "choice"\nfrom_day = 5', f"5: {BESIDE}"),
        ("from_day = 91", 'from_day = 91\ntitle = "x"', f"12: phases[1].title: {WHOLE}"),
        (
            "tag.capacity = 24",
            "tga.capacity = 24",
            "8: phases[0].services.tga: no service is called 'tga'; did you mean 'tag'?; allowed: "
            "tag; or a new service with title, trigger, referral, duration_days",
        ),
        (
            "[[phases]]",
            "[[phase]]",
            "6: phase: unknown key; did you mean 'phases'?; allowed: extends, phases, …",
        ),
        ("capacity = 24", "capacity = -1", f"8: phases[0].services.tag.capacity: {LESS}"),
        (
            "capacity = 30",
            "capaciti = 30",
            "12: phases[1].services.tag.capaciti: unknown key; did you mean 'capacity'?; "
            "allowed: title, …",
        ),
        ("capacity = 24", "capacity = 24\nfollow_up.days = 30", f"9: phases[0].follow_up: {DATED}"),
        (
            "capacity = 30",
            f"capacity = 30\n{BY_RISK}",
            f"13: phases[1].services.tag.order: {DATED}; found 'highest_risk'",
        ),
    ],
)
def test_wrong_phases_are_refused_with_their_line(folder, old, new, said):
    assert old in PHASES
    (folder / "o.toml").write_text(PHASES.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(folder / "o.toml")
    whole = str(refused.value).removeprefix(f"{folder}/o.toml:")
    assert whole == said or (said.endswith("…") and whole.startswith(said[:-1]))


@pytest.mark.parametrize("phases", [[], 3, [4], {"from_day": 3}, "later"])
def test_phases_that_are_no_list_of_tables_are_refused(folder, phases):
    with pytest.raises(InputError, match="phases: must be a list of tables"):
        load(folder / "baseline.toml").change("x", {"phases": phases})


def test_a_baseline_has_no_phases(folder):
    text = BASELINE + "\n[[phases]]\nfrom_day = 3\nservices.tag.capacity = 4\n"
    (folder / "b.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="phases: need what they take over from"):
        load(folder / "b.toml")


def test_a_phase_after_everybodys_end_is_warned_of(folder):
    option = load(folder / "baseline.toml").change(
        "Late",
        {
            "phases": [
                {"from_day": 5, "services.tag.capacity": 20},
                {"from_day": 1500, "services.tag.capacity": 21},
            ]
        },
    )
    with pytest.warns(UserWarning, match="changes nothing from this day"):
        ps.run(option, replications=1)
