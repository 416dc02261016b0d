"""What a large table of people takes is measured on people whom the mapping knows."""

from __future__ import annotations

from benchmarks import many_people

from pathsim.people import Cohort


def test_a_draft_of_these_people_asks_of_their_needs_alone(tmp_path):
    file = tmp_path / many_people.PEOPLE
    many_people.people(300).to_csv(file, index=False)
    draft = Cohort.draft(file)
    assert list(draft.questions) == ["needs.if_unknown"]
    assert "left_out" not in draft.text


def test_every_step_is_measured():
    lines = [line.strip("|").split("|") for line in many_people.table(300).splitlines()]
    assert lines[0][0].strip() == "300 people in `.csv`"
    steps = {step.strip(): (float(seconds), float(mb)) for step, seconds, mb in lines[2:]}
    assert list(steps) == [*many_people.STEPS, many_people.READ]
    assert all(mb > 50 for _, mb in steps.values())


def test_the_page_holds_the_table_of_a_million():
    page = many_people.PAGE.read_text(encoding="utf-8")
    assert f"| {many_people.ROWS:,} people in `.csv` |" in page
    for step in (*many_people.STEPS, many_people.READ):
        assert f"\n| {step} |" in page
