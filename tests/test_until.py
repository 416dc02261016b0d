"""States of the world until there are enough: the same result as if so many had been asked for."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.cli.compare import parse_precision
from pathsim.outcomes.doubt import enough, estimate_draws
from pathsim.outcomes.until import HEADLINE, compare_until, sizes
from small_town import TOWN

HOW = {"replications": 2, "seed": 3}


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.load(file)


@pytest.fixture(scope="module")
def options(town):
    return [town.change("More", {"services.mentor.capacity": 20})]


def differences(result):
    draws = result.provenance["draws"]
    parts = [each.everybody[HEADLINE].reshape(draws, -1) for each in result.options]
    return np.stack(parts, axis=2)


@pytest.fixture(scope="module")
def stopped(town, options):
    alone = differences(ps.compare(town, options, draws=64, **HOW))
    # Just less than the first look leaves.
    near = 1.9 * float(estimate_draws(alone).se[0])
    assert not enough(estimate_draws(alone), near)
    return near, ps.compare(town, options, until=near, **HOW)


def test_the_result_is_that_of_so_many_states_to_the_bit(town, options, stopped):
    near, result = stopped
    draws = result.provenance["draws"]
    assert draws in (128, 256, 512)
    at_once = ps.compare(town, options, draws=draws, **HOW)
    for ours, theirs in zip(result.options, at_once.options, strict=True):
        for name, column in theirs.columns().items():
            assert np.array_equal(ours.columns()[name], column, equal_nan=True), name
        for name, values in theirs.everybody.items():
            assert np.array_equal(ours.everybody[name], values, equal_nan=True), name
    assert result.provenance["until"] == {"outcome": HEADLINE, "precision": near, "reached": True}
    assert enough(estimate_draws(differences(result)), near)
    before = ps.compare(town, options, draws=draws // 2, **HOW)
    assert not enough(estimate_draws(differences(before)), near)


def test_whoever_waits_is_told_of_every_run_of_every_look(town, options):
    told = []
    result = ps.compare(town, options, until=0.5, progress=lambda *far: told.append(far), **HOW)
    draws = result.provenance["draws"]
    assert told[-1] == (2 * HOW["replications"] * draws, 2 * HOW["replications"] * draws)


def looked_at():
    """Return where looks are noted, and comparisons of a spread of 1 between states."""
    looks = []
    rng = np.random.default_rng(1)
    seen = rng.normal(size=(2048, 1)) + 0.01 * rng.normal(size=(2048, 4))

    def compare_in(draws):
        looks.append(draws)
        return SimpleNamespace(
            provenance={"draws": draws, "elapsed_seconds": 0.0},
            options=[SimpleNamespace(everybody={HEADLINE: seen[:draws].ravel()})],
        )

    return looks, compare_in


@pytest.mark.parametrize(
    ("until", "looks"), [(0.5, [64]), (0.2, [64, 128]), (0.1, [64, 128, 256, 512])]
)
def test_looks_are_taken_at_doubling_numbers_until_there_are_enough(monkeypatch, until, looks):
    monkeypatch.setattr("pathsim.outcomes.until._with_origin", lambda result, **more: more)
    seen, compare_in = looked_at()
    said = compare_until(compare_in, until=until, draws=None)
    assert seen == looks
    assert said["until"]["reached"]


def test_every_option_must_be_near_enough(monkeypatch):
    monkeypatch.setattr("pathsim.outcomes.until._with_origin", lambda result, **more: more)
    seen, compare_in = looked_at()

    def with_a_wider_one(draws):
        result = compare_in(draws)
        wide = 4.0 * result.options[0].everybody[HEADLINE]
        result.options.append(SimpleNamespace(everybody={HEADLINE: wide}))
        return result

    compare_until(with_a_wider_one, until=0.5, draws=None)
    assert seen == [64, 128, 256]


def test_where_as_many_as_may_be_are_not_enough_it_is_said(town, options):
    with pytest.warns(ps.InputWarning, match="until: 64 states of the world do not bring"):
        result = ps.compare(town, options, until=1e-6, draws=64, **HOW)
    assert result.provenance["draws"] == 64
    assert not result.provenance["until"]["reached"]


def test_the_last_look_is_at_as_many_as_may_be():
    assert list(sizes(None)) == [64, 128, 256, 512, 1024]
    assert list(sizes(64)) == [64]
    assert list(sizes(300)) == [64, 128, 256, 300]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"until": 0.0}, "until: is no precision"),
        ({"until": -0.1}, "until: is no precision"),
        ({"until": 1.0}, "until: is no precision"),
        ({"until": float("nan")}, "until: is no precision"),
        ({"until": "0.1"}, "until: is no precision"),
        ({"until": True}, "until: is no precision"),
        ({"until": 0.01, "draws": 32}, "draws: is out of range"),
        ({"until": 0.01, "draws": 0}, "draws: is out of range"),
        ({"until": 0.01, "unpaired": True}, "until: is of states of the world"),
    ],
)
def test_what_is_no_precision_is_refused(town, options, monkeypatch, said, words):
    monkeypatch.setattr("pathsim.outcomes.verbs.run_study", None)
    with pytest.raises(ps.InputError, match=words):
        ps.compare(town, options, **said)


@pytest.mark.parametrize(
    ("text", "number"), [("0.2pp", 0.002), ("0.002", 0.002), (" 1.5 pp", 0.015)]
)
def test_a_precision_is_in_points_or_a_share(text, number):
    assert parse_precision(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["pp", "0", "2", "-1pp", "0.2ppm", "100pp", "nan", "x"])
def test_the_shell_refuses_what_is_no_precision(text, capsys):
    said = ["compare", "dorset/baseline", "dorset/more-tags", "--until", text]
    assert run_command_line(said) == 2
    told = capsys.readouterr().err
    assert "--until: is no precision" in told
    assert "starting the engine" not in told


def test_the_shell_refuses_an_empty_precision(capsys):
    assert run_command_line(["compare", "dorset/baseline", "dorset/more-tags", "--until", ""]) == 2
    assert "--until: is empty" in capsys.readouterr().err


def test_the_shell_adds_states_and_shows_how_far_it_is(tmp_path, town, capsys):
    (tmp_path / "base.toml").write_text(town.to_toml(), encoding="utf-8")
    (tmp_path / "more.toml").write_text(
        'extends = "base.toml"\ntitle = "More"\nservices.mentor.capacity = 20\n', encoding="utf-8"
    )
    said = ["compare", str(tmp_path / "base.toml"), str(tmp_path / "more.toml"), "--json"]
    assert run_command_line([*said, "--until", "20pp", "--replications", "2"]) == 0
    told = capsys.readouterr()
    origin = json.loads(told.out)["run"]
    assert origin["until"]["precision"] == pytest.approx(0.2)
    assert origin["draws"] in (64, 256)
    assert "replications" in told.err
