"""What a person is told who slips in a file or a change: which number, which limit, where."""

from __future__ import annotations

import pytest

from pathsim.errors import InputError, InputWarning
from pathsim.scenario.load import load
from pathsim.scenario.service import MAX_SERVICES
from small_scenario import BASELINE, write_scenarios


@pytest.fixture
def folder(tmp_path):
    return write_scenarios(tmp_path)


def refusal(folder, text):
    """Return what is said of a file, without the folder."""
    (folder / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(folder / "s.toml")
    return str(refused.value).replace(f"{folder}/", "")


SLIPS = {
    "cost_per_start_gbp = .5": "invalid value; .5 is written 0.5",
    "cost_per_start_gbp = -.5": "invalid value; -.5 is written -0.5",
    "cost_per_start_gbp = 5.": "expected newline or end of document after a statement; "
    "5. is written 5.0",
    "cost_per_start_gbp = 1,500": "expected newline or end of document after a statement; "
    "1,500 is written 1_500",
    "cost_per_start_gbp = 50%": "expected newline or end of document after a statement; "
    "write the number alone, without a percent sign",
    "cost_per_start_gbp = £500": "invalid value; write the number alone, without a pound sign",
    "houses = True": "invalid value; true and false have small letters",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_number_as_it_is_written_elsewhere_is_told_as_toml_has_it(folder, slip):
    text = BASELINE.replace("cost_per_start_gbp = 500", slip)
    assert refusal(folder, text) == f"s.toml:35: is not TOML: {SLIPS[slip]}"


@pytest.mark.parametrize("title", ["of .5 and more", "a, .5", "1,500 people", "= .5"])
def test_text_is_never_taken_for_such_a_number(folder, title):
    said = refusal(folder, BASELINE.replace('"Mentor"', f'"{title}" x'))
    assert said == "s.toml:28: is not TOML: expected newline or end of document after a statement"


@pytest.mark.parametrize(("kind", "more"), [("services", 73), ("pools", 74)])
def test_too_many_services_or_pools_are_counted(folder, kind, more):
    new = "".join(
        f"[{kind}.new_{i}]\n"
        + (
            "capacity = 1\n"
            if kind == "pools"
            else 'title = "N"\ntrigger = { release = true }\nreferral = 1\nduration_days = 1\n'
        )
        for i in range(more)
    )
    said = refusal(folder, BASELINE.replace("[costs]", f"{new}[costs]"))
    plain = f": {kind}: has 74 entries; allowed: at most {MAX_SERVICES}"
    assert said.endswith(plain) == (kind == "pools")
    if kind == "services":
        assert said.endswith(
            ": services: has 74 entries, and the engines follow at most 64; allowed: at most 64: "
            "leave out services that make no difference here, or join those alike in whom they "
            "take and what they do into one"
        )


def test_an_option_that_breaks_an_interval_is_told_itself(folder):
    option = 'extends = "baseline.toml"\ntitle = "x"\nservices.mentor.referral = '
    said = refusal(folder, option + "{ low = 0.95, high = 0.99 }")
    assert said == (
        "s.toml:3: services.mentor.referral.value: is out of range; found 0.9; "
        "allowed: between 0.95 and 0.99, its own low and high"
    )
    said = refusal(folder, option + "{ high = 0.5 }")
    assert said.endswith("found 0.9; allowed: 0.5 or less, its own high")


SAID_ELSEWHERE = {
    "extends": (
        {"extends": "baseline.toml"},
        None,
        "extends: cannot be changed: a change extends the scenario that it is made from; "
        "found 'baseline.toml'; allowed: a file with extends, read by pathsim.load",
    ),
    "title": (
        {"title": "y"},
        None,
        "title: is given twice; found 'y'; allowed: the title as the first argument alone",
    ),
    "from_day": (
        {"from_day": 3, "services.mentor.capacity": 9},
        4,
        "from_day: is given twice; found 3; allowed: from_day as an argument alone",
    ),
    "before": (
        {"before.title": "y"},
        None,
        "before: is made from what the option extends, and cannot be given",
    ),
}


@pytest.mark.parametrize("key", SAID_ELSEWHERE)
def test_a_change_refuses_what_it_cannot_say(folder, key):
    overrides, from_day, message = SAID_ELSEWHERE[key]
    with pytest.raises(InputError) as refused:
        load(folder / "baseline.toml").change("x", overrides, from_day=from_day)
    assert str(refused.value) == message


@pytest.mark.parametrize("key", ["name", "lineage", "key"])
def test_a_change_of_no_key_is_told_what_a_change_may_say(folder, key):
    with pytest.raises(InputError, match=f"^{key}: unknown key; allowed: schema_version, title"):
        load(folder / "baseline.toml").change("x", {key: 1})


@pytest.mark.parametrize(
    ("overrides", "from_day"), [({"schema_version": 1}, None), ({"source": "s"}, None), ({}, 4)]
)
def test_a_change_of_nothing_is_warned_of(folder, overrides, from_day):
    baseline = load(folder / "baseline.toml")
    with pytest.warns(InputWarning, match="^x: changes nothing of 'Small town'"):
        baseline.change("x", overrides, from_day=from_day)


def test_a_day_may_be_said_as_a_key_or_as_an_argument(folder):
    baseline = load(folder / "baseline.toml")
    more = {"services.mentor.capacity": 9}
    assert baseline.change("x", {**more, "from_day": 30}) == baseline.change("x", more, from_day=30)
