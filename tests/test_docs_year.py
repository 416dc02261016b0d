"""The page of a year and the country's total show what this version finds; `make year` renews."""

from __future__ import annotations

import json

import numpy as np
import pytest
from docs import national, prisons, year
from PIL import Image

import pathsim as ps
from pathsim.engine.codes import CustodyReason
from pathsim.engine.contract import Event, Log
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.study.calibration.pages import around

BILLION = 1e9


def test_the_page_of_a_year_is_what_this_version_finds():
    assert year.PAGE.read_text(encoding="utf-8") == year.page(ps.load(year.DORSET)), "make year"


def test_the_diagram_is_drawn_from_the_scenario():
    text = Image.open(year.DIAGRAM).text[year.SHOWN]
    drawn = [year.Lane(*each) for each in json.loads(text)]
    assert drawn == year.lanes(ps.load(year.DORSET)), "make year"


def test_a_lane_is_a_generation_a_year_from_the_next(tmp_path):
    file = tmp_path / "lanes.toml"
    file.write_text(
        'title = "Lanes"\nsource = "made for a test"\ngrade = "definition"\n'
        '[cohort]\nkind = "rows"\nrows = [{ people = 1 }]\n'
        "[follow_up]\ndays = 365\nwaiting_days = 182.5\nintake_days = 365.25\n"
        "generations_before = 2\ngenerations_after = 1\n"
        "memory_days = 1095.75\nhorizon_days = 730.5\n"
        '[hazard]\nscore = "none"\nadult_level = 0.003\nyouth_level = 0.003\n'
        "[sentencing]\ndisposals = { fine = 1.0 }\ncustody_days = 30\n",
        encoding="utf-8",
    )
    rows = year.lanes(ps.load(file))
    assert [tuple(row) for row in rows] == [
        (number, float(number), 1.0, 3.0, 0.0 if number else 2.0) for number in (-2, -1, 0, 1)
    ]
    assert rows[2].corners(2.0) == [(0.0, 2.0), (1.0, 3.0), (4.0, 3.0), (3.0, 2.0)]
    assert rows[2].corners(2.0, rows[2].counted) == [(0.0, 2.0), (1.0, 3.0), (3.0, 3.0), (2.0, 2.0)]


def test_the_countrys_total_is_what_this_version_finds():
    before, after = around(national.PAGE, national.MARKS)
    text = national.PAGE.read_text(encoding="utf-8")
    shown = text.removeprefix("".join(before)).removesuffix("".join(after))
    assert shown == national.section(), "make year"


def test_the_steps_to_the_ministrys_total_by_hand():
    """A hundred thousand reoffences; a billion of each book, and one more at the average price."""
    found = national.Scale(
        factor=10.0,
        index_events=237_567.5,
        twelve_months=150_000,
        caused=100_000,
        a_reoffender=1.845,
        public=BILLION,
        public_average=2 * BILLION,
        society=BILLION,
        one_crime=BILLION,
    )
    ministry = 18.1 * 1.10728
    assert [cells(line)[2:] for line in national.totals(found).splitlines()[2:]] == [
        ["559,700", f"{ministry:.2f}", "1.00", "35,810"],
        ["100,000", "2.00", "0.10", "20,000"],
        ["150,000", "3.00", "0.15", "20,000"],
    ]
    pounds = [cells(line)[1] for line in national.steps(found).splitlines()[2:]]
    assert pounds == ["3.00", "3.00", "4.00", "1.00"]


def cells(line):
    return [each.strip() for each in line.strip("|").split("|")]


@pytest.mark.parametrize(
    ("changes", "crimes"),
    [({}, 1.0), ({"offences_per_proven": 3.0, "recorded_per_proven": 2.0}, 3.0)],
)
def test_reoffending_costs_what_it_adds_undiscounted(tmp_path, changes, crimes, monkeypatch):
    """Each of the reoffences harms for 1,000 pounds a crime, police pay 100 for a recorded one."""
    costs = "".join(f"{name} = {{ theft = {number} }}\n" for name, number in changes.items())
    file = tmp_path / "country.toml"
    file.write_text(
        'title = "Country"\nsource = "made for a test"\ngrade = "definition"\n'
        '[cohort]\nkind = "rows"\n'
        'rows = [{ people = 40, disposal = "custody", sentence_days = 100.0 }]\n'
        "[follow_up]\ndays = 365\nwaiting_days = 182.5\nintake_days = 365\n"
        "generations_before = 0\n"
        '[hazard]\nscore = "none"\nadult_level = 0.003\nyouth_level = 0.003\n'
        "[sentencing]\ndisposals = { fine = 1.0 }\ncustody_days = 30\n"
        "[costs]\ndiscount_rate_percent = 3.5\nreoffence_gbp.theft.society = 1000\n"
        "reoffence_gbp.theft.police = 100\n"
        f"custody_day_gbp.hmpps = 42\ncustody_average_day_gbp.hmpps = 127\n{costs}",
        encoding="utf-8",
    )
    monkeypatch.setattr(national, "OCCASIONS", 400)
    found = national.scale(ps.load(file))
    assert found.factor == 10.0
    assert found.caused > 100
    assert found.society == pytest.approx(1000 * crimes * found.caused)
    police = 100 * changes.get("recorded_per_proven", 1.0) * found.caused
    assert found.public == pytest.approx(police) == found.public_average
    assert found.one_crime == pytest.approx(1100 * found.caused)


def test_the_countrys_prisons_are_what_this_version_finds():
    before, after = around(prisons.PAGE, prisons.MARKS)
    text = prisons.PAGE.read_text(encoding="utf-8")
    shown = text.removeprefix("".join(before)).removesuffix("".join(after))
    assert shown == prisons.section(), "make year"


def test_who_is_in_custody_and_who_on_remand_by_hand():
    """Of five in custody at midnight one is on remand; a sentence passed on remand ends it."""
    rows = [
        (-9.0, 0, Event.CUSTODY, CustodyReason.SENTENCE),
        (-8.0, 1, Event.CUSTODY, CustodyReason.REMAND),
        (-8.0, 2, Event.CUSTODY, CustodyReason.REMAND),
        (-7.0, 3, Event.CUSTODY, CustodyReason.RECALL),
        (-6.0, 4, Event.CUSTODY, CustodyReason.BREACH),
        (-5.0, 5, Event.CUSTODY, CustodyReason.REMAND),
        (-4.0, 2, Event.CUSTODY_EXTENDED, CustodyReason.SENTENCE),
        (-3.0, 5, Event.RELEASE, 0),
        (-2.0, 1, Event.REOFFENCE, 0),
        (0.5, 0, Event.RELEASE, 0),
    ]
    time, person, event, detail = (np.array(each) for each in zip(*rows, strict=True))
    log = Log(person=person, event=event, detail=detail, time=time)
    assert prisons.at(log, 0.0) == (5.0, 1.0)
    assert prisons.at(log, 1.0) == (4.0, 1.0)
    assert prisons.at(log, -10.0) == (0.0, 0.0)


def test_who_is_in_custody_is_whom_the_engine_counts():
    scenario = ps.load("dorset/baseline")
    model = lower(scenario, Cohort.from_scenario(scenario))
    counts, log = simulate(model, seed=prisons.SEED, replication=3, keep_log=True)
    found = [prisons.at(log, float(day)).everybody for day in (0, 100, 365)]
    assert found == counts.in_custody[[0, 100, 365]].tolist()


def test_the_table_of_prisons_by_hand():
    held = prisons.POPULATION - prisons.INDETERMINATE
    first, last = prisons.Held(1.1 * held, 6_390.0), prisons.Held(1.111 * held, 0.0)
    text = prisons.text(first, last, 2.0)
    rows = [cells(line)[1:] for line in text.splitlines() if line.startswith("| ")][1:]
    assert rows == [
        ["55,612", "68,841", "75,984", "1.24"],
        ["12,780", "6,390", "0", "0.50"],
        ["68,392", "75,231", "75,984", "1.10"],
    ]
    assert "holds 10% more than the published stock" in text
    assert "moves by +1.0%" in text
    assert "holds as many as" in prisons.verdict(1.004, 1.0, 1.0)
    assert "holds 3% fewer than" in prisons.verdict(0.97, 1.0, 1.0)
