"""The address is the scenario: what it says is read, tidied and written as files."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pathsim as ps
from app_pages import MHTR, written
from pathsim.app.address import read
from pathsim.app.asked import Desk
from pathsim.app.budget import budget, parsed
from pathsim.app.catalogue import Catalogue
from pathsim.app.levers import GROUPS, levers_of
from pathsim.decision.portfolio.spend import place_year, yearly
from pathsim.errors import InputError
from pathsim.scenario.doubt import quantities

PLAIN = st.text(max_size=40).map(str.strip)


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    return Desk(Catalogue(str(written(tmp_path_factory.mktemp("folder")))))


def asked(desk: Desk, query: str):
    return desk.asked(read(parse_qsl(query, keep_blank_values=True)))


@given(title=PLAIN, budget=PLAIN, find=PLAIN, value=PLAIN)
def test_an_address_reads_back_as_it_was_written(title, budget, find, value):
    address = read([("title", title), ("budget", budget), ("find", find), ("a.b", value)])
    again = read(parse_qsl(address.query(), keep_blank_values=True))
    assert again == address


def test_a_kept_option_is_an_address_within_the_address():
    first = read([("title", "A & B"), ("a.b", "1"), ("budget", "5")])
    both = read(parse_qsl(first.query(b=first.as_saved(), title="")))
    assert both.saved == read([("title", "A & B"), ("a.b", "1")])
    assert both.levers == first.levers
    assert read(parse_qsl(both.swapped())).title == "A & B"


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ([("colour", "red")], "colour: is nothing that an address says"),
        ([("a.b", "9" * 300)], "a.b: is too long"),
        ([(f"a.b{k}", "1") for k in range(2001)], "has too many levers; found 2001"),
    ],
)
def test_an_address_that_says_other_things_is_refused(items, says):
    with pytest.raises(InputError, match=says):
        read(items)


def test_what_stands_at_its_own_value_is_not_in_the_address(desk):
    found = asked(desk, f"{MHTR}=0.050&services.gps_tag.capacity=36&services.atr.referral=")
    assert found.address.levers == (("services.gps_tag.capacity", "36"),)


def test_the_fields_of_a_page_with_another_start_move_nothing(desk):
    own = {each.key: each.own for each in desk.levers("")}
    query = f"start=ten-places&was=&{MHTR}={own[MHTR]}&services.mhtr.capacity=12"
    assert asked(desk, query).address.levers == (("services.mhtr.capacity", "12"),)


def test_an_option_is_what_the_same_change_makes(desk):
    found = asked(desk, f"{MHTR}=0.5&services.mhtr.capacity=10")
    changed = desk.catalogue.baseline.change(
        "Your option", {MHTR: 0.5, "services.mhtr.capacity": 10}
    )
    assert found.wanted.options == (changed,)
    assert not found.refused


def test_the_cohort_is_moved_on_both_sides(desk):
    found = asked(desk, f"cohort.adults=100&{MHTR}=0.5")
    sides = (found.wanted.baseline, *found.wanted.options)
    assert [each.cohort.adults.value for each in sides] == [100, 100]


def test_the_files_of_an_address_load_as_its_scenarios(desk, tmp_path):
    query = f"cohort.adults=100&start=ten-places&services.mhtr.capacity=12&b={MHTR}%3D0.4"
    found = asked(desk, query)
    files = desk.files(found.address)
    assert list(files) == ["baseline.toml", "option.toml", "kept.toml"]
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    loaded = [ps.load(tmp_path / name) for name in files]
    assert tuple(loaded) == (found.wanted.baseline, *found.wanted.options)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        (MHTR, "7", "is out of range; 7 percent is 0.07; found 7; allowed: between 0 and 1"),
        (MHTR, "many", "has the wrong type; found 'many'; allowed: a number"),
        ("cohort.adults", "-3", "is out of range; found -3"),
        ("services.gps_tag.capacity", "2.5", "a whole number"),
    ],
)
def test_a_wrong_value_is_refused_at_its_lever_in_the_words_of_validation(desk, key, value, says):
    found = asked(desk, f"{key}={value}")
    assert found.wanted is None
    assert says in found.problems[key]
    with pytest.raises(InputError) as error:
        desk.catalogue.baseline.change("x", {key: float(value) if value[-1].isdigit() else value})
    assert found.problems[key].split(";")[0] in str(error.value)


def test_a_lever_that_there_is_not_is_refused_with_the_nearest(desk):
    found = asked(desk, "services.gps_tg.capacity=3")
    assert found.wanted is None
    assert "did you mean 'gps_tag'?" in found.others[0]


@pytest.mark.parametrize("start", ["../small", "/etc/passwd", "small", "dorset/more-tags"])
def test_nothing_but_an_option_of_the_folder_is_begun_with(desk, start):
    found = asked(desk, f"start={start}")
    assert found.wanted is None
    assert "start: is no option of the baseline" in found.others[0]


def test_an_unusual_value_is_asked_about_at_its_lever(desk):
    found = asked(desk, "services.mhtr.cost_per_start_gbp=2")
    assert "unusual" in found.cautions["services.mhtr.cost_per_start_gbp"]


def test_every_quantity_is_a_lever_with_range_unit_and_source(desk):
    baseline = desk.catalogue.baseline
    levers = levers_of(baseline, baseline)
    assert len(levers) == len(list(quantities(baseline))) > 400
    assert {each.group for each in levers} == set(GROUPS)
    for each in levers:
        low, high, step = each.slider
        assert each.low <= low < high <= each.high, each.key
        assert low <= float(each.own) <= high, each.key
        assert step > 0
        assert each.unit
        assert each.source
    assert len({each.id for each in levers}) == len(levers)


def test_what_options_of_the_folder_change_comes_first(desk):
    first = [each.key for each in desk.levers("") if each.first]
    assert "services.mhtr.capacity" in first
    assert first.index(MHTR) == min(first.index(k) for k in first if k.endswith("referral"))


def test_a_budget_is_of_the_places_that_are_bought(desk):
    found = asked(desk, "services.gps_tag.capacity=28")
    baseline, option = found.wanted.baseline, found.wanted.options[0]
    told = budget(100_000.0, baseline, option, found.levers)
    price = place_year(baseline.services["gps_tag"])
    assert told.spent == pytest.approx(10 * price)
    assert told.fits
    tags = next(each for each in told.places if each.key == "services.gps_tag.capacity")
    assert tags.bought == 10
    assert tags.more == (100_000 - 10 * price) // price
    full = baseline.change("x", {tags.key: 28 + tags.more})
    over = baseline.change("y", {tags.key: 29 + tags.more})
    assert yearly(full) - yearly(baseline) <= 100_000 < yearly(over) - yearly(baseline)


@pytest.mark.parametrize("text", ["lots", "-1", "inf", "nan", "1e13"])
def test_what_is_no_budget_is_refused(text):
    with pytest.raises(InputError, match="budget: is no budget"):
        parsed(text)


def test_a_budget_may_be_typed_with_a_sign_and_commas():
    assert parsed("£200,000") == 200_000
    assert parsed("") is None


def test_an_option_is_called_as_it_was_named_or_by_what_it_began_with(desk):
    def title(query):
        return asked(desk, query).wanted.options[0].title

    begun = desk.catalogue.options["ten-places"].title
    assert title("start=ten-places") == begun
    assert title("start=ten-places&services.mhtr.capacity=12") == f"{begun}, moved on"
    assert title("start=ten-places&title=Ours") == "Ours"
    assert title(f"{MHTR}=0.5") == "Your option"
