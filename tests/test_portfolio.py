"""Portfolios of a small town under a budget: levers, spend, the verb and the command."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.cli.money import pounds
from pathsim.cli.portfolio import parse_levers
from pathsim.decision.compared import prepare
from pathsim.decision.portfolio.levers import changes_in, levers_of, named, scenario_of
from pathsim.decision.portfolio.spend import by_use, place_year, spends, yearly
from pathsim.scenario.changes import differences
from priced_town import priced_town
from small_town import TOWN

KEY = "services.mentor.capacity"
HOW = {"draws": 32, "replications": 2, "seed": 3}
DELTA = r"allowed: a number above 0 and below 1e\+12, in the unit of what is to be made most of"
BUDGET = 40_000.0
PLACE = 365.0 / 60.0 * 500.0
"""What a mentor's place costs in a year: a start of 500 pounds every 60 days."""
EXACT = 1e-9


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def longer(town):
    return town.change("Stronger", {"services.mentor.hazard_ratio": 0.15})


@pytest.fixture(scope="module")
def found(town, longer):
    return ps.portfolio(town, {KEY: [8, 12, 16, 20]}, options=[longer], budget=BUDGET, **HOW)


def test_all_that_the_budget_covers_is_simulated(found):
    assert set(found.mixes["mix"]) == {
        "as it is",
        *("mentor 8", "mentor 12", "mentor 16", "Stronger"),
        *(f"mentor {places} + Stronger" for places in (8, 12, 16)),
    }
    assert (found.mixes["spend"] <= BUDGET).all()
    assert found.found.everything
    spent = found.mixes.set_index("mix")["spend"]
    assert spent["mentor 12"] == pytest.approx(8 * PLACE, rel=EXACT)
    assert spent["Stronger"] == 0.0


def test_a_mix_is_worth_what_decide_says_of_its_scenario(town, found):
    both = town.change("Both", {KEY: 16, "services.mentor.hazard_ratio": 0.15})
    alone = prepare(ps.compare(town, both, **HOW), years=10, seed=1)
    row = found.mixes.set_index("mix").loc["mentor 16 + Stronger"]
    assert row["worth"] == pytest.approx(float(alone.worth.mean()), rel=EXACT)


def test_interplay_is_simulated_and_not_added_up(found):
    worth = found.mixes.set_index("mix")["worth"]
    together = worth["mentor 16 + Stronger"]
    assert together != pytest.approx(worth["mentor 16"] + worth["Stronger"], rel=1e-3)


def test_the_pick_is_the_best_and_the_frontier_leads_to_it(found):
    assert found.mixes["worth"].is_monotonic_decreasing
    assert found.pick.mix in found.indifferent
    assert found.pick.levels[KEY] == 16.0
    assert found.frontier["worth"].is_monotonic_increasing
    assert found.frontier["budget"].is_monotonic_increasing
    assert found.frontier["mix"].iloc[-1] == found.mixes["mix"].iloc[0]
    assert 0.0 <= found.pick.chance_best <= 1.0
    assert 0.0 <= found.pick.behind_on_average <= found.pick.behind_in_5_of_100 + EXACT
    assert found.pick.mix in found.sentence()


def test_one_more_place_is_simulated_beside_the_pick(town, found):
    shadow = found.shadow.set_index("lever").loc[KEY]
    assert shadow["places"] == 17.0
    assert shadow["spend"] == pytest.approx(PLACE, rel=EXACT)
    ratio = 0.15 if found.pick.levels["Stronger"] else None
    changes = {} if ratio is None else {"services.mentor.hazard_ratio": ratio}
    both = [town.change(f"{n}", {KEY: n, **changes}) for n in (16, 17)]
    worth = prepare(ps.compare(town, both, **HOW), years=10, seed=1).worth
    gain = float((worth[:, :, 1] - worth[:, :, 0]).mean())
    assert shadow["worth"] == pytest.approx(gain, rel=1e-6, abs=1e-3)


def test_the_sentence_says_less_spent_and_places_that_lose_as_they_are(found):
    cheaper = dataclasses.replace(found.pick, spend=-3_735.0, behind_on_average=0.0)
    losing = found.shadow.assign(worth=-500.0, low=-900.0, high=200.0)
    said = dataclasses.replace(found, pick=cheaper, shadow=losing).sentence()
    assert "and costs £3,735 a year less" in said
    assert "behind" not in said
    assert "No one more place is to be expected to be worth more than it costs" in said
    assert f"nearest to it is {KEY}: -£500 (-£900 to £200)" in said
    gaining = dataclasses.replace(found, shadow=found.shadow.assign(worth=500.0)).sentence()
    assert "One more place is worth most in" in gaining


def test_an_outcome_can_be_made_most_of(town):
    found = ps.portfolio(
        town, {KEY: [8, 12]}, budget=BUDGET, worth="reoffences_total", delta=1.0, **HOW
    )
    result = ps.compare(town, town.change("12", {KEY: 12}), **HOW)
    fewer = -float(result.options[0].everybody["reoffences_total"].mean())
    worth = found.mixes.set_index("mix")["worth"]
    assert worth["mentor 12"] == pytest.approx(fewer, rel=EXACT)
    assert found.pick.mix == "mentor 12"
    assert "in reoffences_total" in found.sentence()


def test_money_can_go_from_one_lever_to_another(town):
    found = ps.portfolio(town, {KEY: [2, 8]}, budget=0.0, delta=1.0, **HOW)
    assert set(found.mixes["mix"]) == {"as it is", "mentor 2"}
    assert found.mixes["spend"].min() == pytest.approx(-2 * PLACE, rel=EXACT)


def test_many_mixes_are_searched_and_the_last_told_apart_in_fresh_states(town):
    referral = "services.mentor.referral"
    levels = {KEY: [5, 6, 7, 8, 9, 10, 12, 14, 16], referral: [0.25, 0.28, 0.32, 0.35, 0.4]}
    found = ps.portfolio(town, levels, budget=BUDGET, **HOW)
    assert not found.found.everything
    assert 40 < len(found.mixes) <= 60
    assert found.found.emulator.explained > 0.5
    assert found.found.proved
    assert (found.mixes["spend"] <= BUDGET).all()
    last = found.mixes[found.mixes["last"]]
    assert len(last) <= 30
    chosen = last[(last["mix"] == found.pick.mix) & (last["mix"] != "as it is")].iloc[0]
    # In other states than those by which it was chosen.
    assert chosen["again"] != chosen["worth"]
    assert chosen["behind"] == 0.0
    told = ps.compare(
        town,
        town.change("Pick", {KEY: int(chosen[KEY]), referral: chosen[referral]}),
        **(HOW | {"seed": 4, "draws": len(found.found.final[found.found.pick])}),
    )
    again = float(prepare(told, years=10, seed=1).worth.mean())
    assert chosen["again"] == pytest.approx(again, rel=1e-6)
    assert found.to_dict()["emulator"]["proved"]


def test_a_place_costs_its_price_for_as_long_as_it_is_used(town):
    mentor = town.services["mentor"]
    assert place_year(mentor) == pytest.approx(PLACE, rel=EXACT)
    assert yearly(town) == pytest.approx(4 * PLACE, rel=EXACT)
    priced = town.change(
        "All prices",
        {
            "services.mentor.cost_per_place_year_gbp": 1000,
            "services.mentor.cost_per_day_gbp": 2,
            "services.mentor.cost_per_completion_gbp": 100,
            "services.mentor.drop_out_share": 0.5,
        },
    ).services["mentor"]
    expected = 1000 + 365 * 2 + 365 / 45 * (500 + 0.5 * 100)
    assert place_year(priced) == pytest.approx(expected, rel=EXACT)


def test_a_place_in_a_pool_costs_as_the_dearest_of_its_services(town):
    pooled = town.change(
        "Pooled",
        {
            "pools.team": {"capacity": 3},
            "services.mentor.capacity": "unlimited",
            "services.mentor.pool": "team",
        },
    )
    assert yearly(pooled) == pytest.approx(3 * PLACE, rel=EXACT)


def test_a_service_without_a_limit_costs_what_it_is_used(town):
    free = town.change("No limit", {KEY: "unlimited"})
    more = free.change("More referred", {"services.mentor.referral": 0.6})
    services = by_use(free, more, ["services.mentor.referral"])
    assert services == ["mentor"]
    (spent,) = spends(free, [(more, services)], seed=1, workers=None)
    result = ps.compare(free, more, draws=0, replications=40, seed=1)
    starts = float(result.options[0].everybody["service.mentor.starts"].mean())
    assert starts > 0.0
    assert spent == pytest.approx(500.0 * starts, rel=1e-6)


def test_two_levers_of_a_service_that_is_paid_for_by_use_are_refused(town):
    free = town.change("No limit", {KEY: "unlimited"})
    levers = {"services.mentor.referral": [0.6], "services.mentor.cost_per_start_gbp": [10]}
    with pytest.raises(ps.InputError, match=r"services\.mentor: is paid for by use, which two"):
        ps.portfolio(free, levers, budget=BUDGET, **HOW)


def test_options_are_laid_together_as_a_file_that_extends_both_would():
    baseline = ps.load("dorset/baseline")
    options = ["dorset/more-tags", "dorset/suspended-sentences"]
    levers = levers_of(baseline, {}, options)
    mix = scenario_of(baseline, levers, (1, 1))
    both = ps.load("dorset/tags-and-suspended-sentences")
    assert differences(both, mix) == []
    files = [file.path.rsplit("/", 1)[-1] for file in mix.lineage.files]
    assert files == ["baseline.toml", "more-tags.toml", "suspended-sentences.toml"]
    assert named(levers, (0, 1)) == levers[1].name
    assert changes_in(levers, (0, 0)) == []


def test_unlike_values_of_one_key_are_refused_with_both_named(tmp_path):
    baseline = tmp_path / "town.toml"
    baseline.write_text(TOWN, encoding="utf-8")
    for name, places in (("a", 8), ("b", 9), ("c", 8)):
        text = f'extends = "town.toml"\ntitle = "Option {name}"\n[services.mentor]\n'
        (tmp_path / f"{name}.toml").write_text(f"{text}capacity = {places}\n", encoding="utf-8")
    scenario = ps.load(baseline)
    with pytest.raises(ps.InputError, match=r"unlike values by '.*a\.toml' and by '.*b\.toml'"):
        levers_of(scenario, {}, [tmp_path / "a.toml", tmp_path / "b.toml"])
    assert len(levers_of(scenario, {}, [tmp_path / "a.toml", tmp_path / "c.toml"])) == 2
    with pytest.raises(ps.InputError, match=r"unlike values by 'services.mentor.capacity' and"):
        levers_of(scenario, {KEY: [8]}, [tmp_path / "a.toml"])


def test_a_dated_option_is_refused(town):
    dated = town.change("Later", {KEY: 8}, from_day=100)
    with pytest.raises(ps.InputError, match="takes effect on a day"):
        levers_of(town, {}, [dated])


@pytest.mark.parametrize(
    ("levers", "more", "words"),
    [
        ({"services.mentor.capcity": [8]}, {}, "did you mean 'services.mentor.capacity'"),
        ({KEY: "8"}, {}, "has the wrong type"),
        ({KEY: [8, "x"]}, {}, "has what is no level"),
        ({KEY: [float("nan")]}, {}, "has what is no level"),
        ({KEY: [4]}, {}, "too few or too many levels"),
        ({KEY: range(5, 30)}, {}, "too few or too many levels"),
        ({KEY: [-1]}, {}, "is out of range"),
        ([KEY], {}, "a mapping of keys to levels"),
        ({}, {}, "are too few or too many"),
        ({KEY: [8]}, {"budget": -1}, "budget: is out of range"),
        ({KEY: [8]}, {"budget": float("inf")}, "budget: is out of range"),
        ({KEY: [8]}, {"budget": 1e160}, "budget: is out of range"),
        ({"follow_up.days": [100]}, {}, "is no lever: it says who people are"),
        ({"hazard.adult_level": [0.001]}, {}, "is no lever: it says who people are"),
        ({KEY: [8]}, {"budget": "many"}, "budget: is out of range"),
        ({KEY: [8]}, {"sure": 1.0}, "sure: is out of range"),
        ({KEY: [8]}, {"draws": 8}, "too few states of the world"),
        ({KEY: [8]}, {"delta": 0}, f"delta: is out of range; found 0; {DELTA}"),
        ({KEY: [8]}, {"delta": -1}, f"delta: is out of range; found -1; {DELTA}"),
        ({KEY: [8]}, {"budget": 0}, f"delta: must be said.*; {DELTA}"),
        ({KEY: [8]}, {"worth": "cost_publc", "delta": 1}, "did you mean 'cost_public'"),
        ({KEY: [8]}, {"worth": "service.mentor.starts", "delta": 1}, "is neither better"),
        ({KEY: [8]}, {"worth": "reoffences_total"}, "delta: must be said"),
        ({KEY: [8]}, {"options": 3}, "options: has the wrong type"),
        ({KEY: [8]}, {"options": [3]}, "options: has the wrong type"),
    ],
)
def test_a_slip_is_refused_before_anything_runs(town, monkeypatch, levers, more, words):
    monkeypatch.setattr("pathsim.decision.portfolio.evaluate.compare", None)
    with pytest.raises(ps.InputError, match=words):
        ps.portfolio(town, levers, **({"budget": BUDGET, **HOW} | more))


def test_a_lever_that_changes_the_price_of_anothers_places_is_refused(town):
    levers = {KEY: [8], "services.mentor.cost_per_start_gbp": [900]}
    with pytest.raises(ps.InputError, match="one changes the price of another's places"):
        ps.portfolio(town, levers, budget=BUDGET, **HOW)


@pytest.mark.parametrize("text", ["a.b", "a.b=", "=1,2", "a.b=1,x", "a.b=1;2"])
def test_what_is_no_lever_is_refused(text):
    with pytest.raises(ps.InputError, match="is no lever"):
        parse_levers([text])


def test_levers_are_read_from_the_shell():
    assert parse_levers(["a.b=18,36,54", "c=0.5"]) == {"a.b": [18.0, 36.0, 54.0], "c": [0.5]}
    with pytest.raises(ps.InputError, match="is given twice"):
        parse_levers(["a=1", "a=2"])


def test_the_command_prints_what_the_verb_finds(tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    said = [
        *("portfolio", str(file), "--lever", f"{KEY}=8,12", "--budget", "30000"),
        *("--draws", "32", "--replications", "2", "--seed", "3"),
        *("--worth", "reoffences_total", "--delta", "1"),
    ]
    assert run_command_line([*said, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "pathsim.portfolio/1"
    same = ps.portfolio(
        file, {KEY: [8, 12]}, budget=30_000, worth="reoffences_total", delta=1.0, **HOW
    )
    assert data["sentence"] == same.sentence()
    assert [row["mix"] for row in data["mixes"]] == same.mixes["mix"].tolist()
    assert np.isfinite(data["pick"]["worth"]["mean"])
    assert run_command_line(said) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert same.sentence() in shown
    assert "One more place than the pick has" in shown


def test_the_command_refuses_without_a_trace(tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    assert run_command_line(["portfolio", str(file), "--lever", "x", "--budget", "1"]) == 2
    told = capsys.readouterr().err
    assert "is no lever" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("300000", 3e5), ("£300,000", 3e5), ("£1,200,000.50", 1_200_000.5), ("-£5", -5.0), ("0", 0.0)],
)
def test_pounds_are_read_as_people_type_them(typed, amount):
    assert pounds(typed, key="--budget") == amount


@pytest.mark.parametrize("typed", ["many", "£", "300k", "30,00", ",300", "nan", "5£", "£££5"])
def test_what_is_no_amount_is_refused_as_other_bad_input_is(typed, tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    command = ["portfolio", str(file), "--lever", f"{KEY}=8,12"]
    assert run_command_line([*command, "--budget", typed]) == 2
    told = capsys.readouterr().err
    allowed = "pounds, such as 300000 or £300,000"
    assert told == f"error: --budget: is no amount; found {typed!r}; allowed: {allowed}\n"
    assert run_command_line([*command, "--budget", "£300,000", "--delta", typed]) == 2
    assert "error: --delta: is no amount" in capsys.readouterr().err
