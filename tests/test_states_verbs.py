"""`run` and `compare` in states of the world, in Python and from the shell."""

from __future__ import annotations

import json

import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.outcomes.doubt import estimate_draws
from small_dorset import small_dorset
from small_town import TOWN

DRAWN = {"draws": 4, "replications": 2, "seed": 3}
EXACT = 1e-12
PLAIN = TOWN.partition("[services")[0]
"""Nothing in it is in doubt."""


@pytest.fixture(scope="module")
def small():
    return small_dorset()


@pytest.fixture(scope="module")
def compared(small):
    more = small.change("Dearer", {"costs.reoffence_gbp.violence.police": 9000.0})
    return ps.compare(small, more, **DRAWN)


def test_a_difference_is_the_mean_over_states_with_its_doubt(compared):
    option = compared.options[0]
    row = option.rows.index(("cost_public", "all"))
    found = {name: column[row] for name, column in option.columns().items()}
    assert found["option"] - found["baseline"] == pytest.approx(found["difference"], rel=1e-6)
    assert found["low"] < found["difference"] < found["high"]
    assert found["sd_chance"] > 0.0
    assert 0.0 <= found["probability_better"] <= 1.0
    assert found["chance_better"] == found["share_of_years_better"]


def test_the_table_is_that_of_the_draws_statistics(small):
    alone = ps.run(small, **DRAWN)
    data = alone.values.aligned([("cost_public", "all")]).reshape(4, 2, 1)
    found = estimate_draws(data)
    row = alone.table(group="all").set_index("outcome").loc["cost_public"]
    assert row["mean"] == pytest.approx(found.mean[0], rel=EXACT)
    assert (row["low"], row["high"]) == pytest.approx((found.low[0], found.high[0]), rel=EXACT)
    assert row["sd_doubt"] == pytest.approx(found.sd_doubt[0], rel=EXACT)


def test_the_origin_says_what_was_drawn(compared):
    origin = compared.provenance
    assert (origin["draws"], origin["replications_per_draw"]) == (4, 2)
    assert origin["replications"] == 8
    assert origin["doubted"] > 300
    assert any(file["of"] == "posterior" for file in origin["inputs"])


def test_without_states_there_is_no_probability(small):
    alone = ps.compare(
        small, small.change("M", {"services.mhtr.capacity": 9}), draws=0, replications=3
    )
    table = alone.table(group="all")
    assert table["probability_better"].isna().all()
    assert table["sd_doubt"].isna().all()
    assert table["share_of_years_better"].notna().any()
    assert (alone.provenance["draws"], alone.provenance["doubted"]) == (0, 0)
    assert alone.provenance["replications"] == 3


def test_where_nothing_is_in_doubt_no_state_is_drawn(tmp_path):
    file = tmp_path / "plain.toml"
    file.write_text(PLAIN, encoding="utf-8")
    found = ps.run(file)
    assert (found.provenance["draws"], found.provenance["replications"]) == (0, 200)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"draws": 1}, "draws: is one state of the world"),
        ({"draws": -2}, "draws: is out of range"),
        ({"draws": 2.5}, "draws: "),
        ({"draws": 4, "replications": 1}, "replications: is out of range"),
        ({"draws": 4, "unpaired": True}, "draws: are not drawn for independent samples"),
    ],
)
def test_what_tells_no_doubt_is_refused(small, said, words):
    more = small.change("More", {"services.mhtr.capacity": 9})
    with pytest.raises(ps.InputError, match=words):
        ps.compare(small, more, **said)


def test_json_has_the_names_that_others_rely_on(tmp_path, capsys):
    (tmp_path / "more.toml").write_text(
        'extends = "dorset/baseline"\ntitle = "More"\ncohort.adults = 100\ncohort.youths = 9\n'
        "places_for = 109\n"
    )
    (tmp_path / "other.toml").write_text(
        'extends = "more.toml"\ntitle = "Other"\nservices.mhtr.capacity = 30\n'
    )
    names = ["compare", str(tmp_path / "more.toml"), str(tmp_path / "other.toml"), "--json"]
    code = run_command_line([*names, "--draws", "3", "--replications", "2"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert {"draws", "replications_per_draw", "doubted"} <= told["run"].keys()
    row = told["options"][0]["outcomes"][0]
    wanted = {"baseline", "option", "difference", "low", "high", "se"}
    wanted |= {"probability_better", "share_of_years_better", "sd_doubt", "sd_chance"}
    assert wanted <= row.keys()


def test_the_shell_says_doubt_or_luck(tmp_path, capsys, small):
    file = tmp_path / "small.toml"
    file.write_text(small.to_toml(), encoding="utf-8")
    assert run_command_line(["run", str(file), "--draws", "3", "--replications", "2"]) == 0
    assert "3 states of the world with 2 replications each" in capsys.readouterr().out
    assert run_command_line(["run", str(file), "--draws", "0", "--replications", "2"]) == 0
    assert "intervals show luck only" in " ".join(capsys.readouterr().out.split())


def test_evidence_tells_what_is_drawn_and_what_not(capsys):
    assert run_command_line(["evidence", "dorset/baseline", "--doubt", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    drawn = {each["parameter"]: each for each in told["drawn"]}
    assert drawn["services.mhtr.take_up"]["distribution"] == "split logitnormal"
    assert drawn["hazard.adult_level"]["distribution"] == "posterior sample, together"
    assert all(each["reason"] for each in told["held"])
    assert not drawn.keys() & {each["key"] for each in told["held"]}
    assert run_command_line(["evidence", "--doubt"]) == 2


def test_a_sample_that_states_cannot_draw_from_is_told(small):
    told = "posterior: .* are held in all states of the world, as 'Small' was not written at their"
    with pytest.warns(ps.InputWarning, match=told):
        ps.run(small, posterior="england-and-wales", draws=2, replications=2)


def test_the_sample_of_a_scenario_is_drawn_from_without_a_word(small):
    assert ps.run(small, posterior="dorset", draws=2, replications=2).provenance["doubted"] > 300


def test_a_scenario_away_from_its_sample_is_told_that_its_fit_is_held(tmp_path, small):
    file = tmp_path / "small.toml"
    file.write_text(small.to_toml(), encoding="utf-8")
    with pytest.warns(ps.InputWarning, match="30 calibrated values of 'Small' are held in all"):
        ps.run(file, draws=2, replications=2)
