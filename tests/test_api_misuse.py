"""A slip in a call gets an InputError that says what is allowed; the shell completes names."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import pathsim as ps
from pathsim.errors import InputWarning
from pathsim.scenario.cohort import Row
from pathsim.scenario.parameter import Quantity
from pathsim.study.calibration import Posterior
from pathsim.study.calibration.targets import Targets
from small_scenario import made_up_comparison, write_scenarios

FEW = {"replications": 2}


@pytest.fixture
def baseline(tmp_path):
    return ps.load(write_scenarios(tmp_path) / "baseline.toml")


CALLS = {
    "cohort from a list": (lambda b: ps.Cohort.from_frame([b]), "a pandas.DataFrame"),
    "cohort file of a number": (lambda _: ps.Cohort.from_file(3), "the path of a file"),
    "cohort made of a path": (lambda _: ps.Cohort("p.csv"), "found 'str'; allowed: Cohort.from_f"),
    "cohort made of a table": (
        lambda _: ps.Cohort(pd.DataFrame({"age": [30]})),
        "Cohort: has the wrong type; found 'DataFrame'; allowed: Cohort.from_file",
    ),
    "cohort of no scenario": (lambda _: ps.Cohort.from_scenario("x"), "a Scenario"),
    "cohort of a list": (lambda b: ps.run(b, cohort=[1], **FEW), "a Cohort, a pandas"),
    "cohort that is missing": (lambda b: ps.run(b, cohort="x.csv", **FEW), "no such file"),
    "posterior list": (lambda b: ps.run(b, posterior=[1.0], **FEW), "or a Posterior"),
    "posterior frame": (
        lambda b: ps.compare(b, b, posterior=pd.DataFrame({"a": [1]}), **FEW),
        "posterior: has the wrong type; found 'DataFrame'",
    ),
    "posterior name": (lambda b: ps.run(b, posterior="doset", **FEW), "one of dorset"),
    "replications a float": (lambda b: ps.run(b, replications=2.0), "a whole number"),
    "replications NumPy's true": (
        lambda b: ps.run(b, replications=np.bool_(True)),
        "a whole number",
    ),
    "seed": (lambda b: ps.run(b, seed="1", **FEW), "seed: must be a whole number"),
    "workers": (lambda b: ps.run(b, workers=[1], **FEW), "workers: must be a whole number"),
    "engine": (lambda b: ps.run(b, engine=None, **FEW), "allowed: kernel or reference"),
    "progress": (lambda b: ps.run(b, progress=True, **FEW), "a function of two numbers"),
    "unpaired": (lambda b: ps.compare(b, b, unpaired="yes", **FEW), "allowed: True or False"),
    "no options": (lambda b: ps.compare(b, None, **FEW), "options: has the wrong type"),
    "options a number": (lambda b: ps.compare(b, 3, **FEW), "or a list of them"),
    "options of numbers": (lambda b: ps.compare(b, [3], **FEW), "a Scenario, the path"),
    "options without one": (
        lambda b: ps.compare(b, [], **FEW),
        "options: compare needs at least one option; allowed: a Scenario, the path",
    ),
    "options in a list": (lambda b: ps.compare(b, [[b]], **FEW), "options: has the wrong type"),
    "options in a table": (
        lambda b: ps.compare(b, pd.DataFrame({"a": [1]}), **FEW),
        "options: has the wrong type; found 'DataFrame'",
    ),
    "baseline": (lambda b: ps.compare([b], b, **FEW), "baseline: has the wrong type; found 'list'"),
    "posterior of other columns": (
        lambda b: ps.run(b, posterior=Posterior(pd.DataFrame({"id": [1.0]})), **FEW),
        "id: cannot be drawn anew for each replication; allowed: hazard.adult_level, hazard",
    ),
    "posterior of no group": (
        lambda b: ps.run(
            b, posterior=Posterior(pd.DataFrame({"hazard.multipliers.sex=men": [1.0]})), **FEW
        ),
        "sex=men: is of no known group; did you mean 'sex=male'",
    ),
    "posterior beyond all bounds": (
        lambda b: ps.run(
            b, posterior=Posterior(pd.DataFrame({"hazard.frailty_sigma": [9.0, 9.0]})), **FEW
        ),
        "hazard.frailty_sigma.value: is out of range; found 9.0; allowed: between 0 and 5",
    ),
    "options overrides": (
        lambda b: ps.compare(b, {"services.mentor.capacity": 9}, **FEW),
        "options: has the wrong type; found 'dict'",
    ),
    "scenario": (lambda _: ps.run(None, **FEW), "scenario: has the wrong type"),
    "load": (ps.load, "the path of a scenario file, or a shipped name"),
    "overrides": (lambda b: b.change("x", ["a"]), "a mapping of dotted keys"),
    "overrides and title": (lambda b: b.change({"a": 1}, "x"), "a mapping of dotted keys"),
    "override key": (lambda b: b.change("x", {3: 1}), "a mapping of dotted keys"),
    "setting": (lambda b: setattr(b, "title", "x"), r"scenario\.change"),
    "setting within": (
        lambda b: setattr(b.services["mentor"], "capacity", 9),
        "capacity: cannot be set; found 9",
    ),
    "no scenario": (
        lambda _: ps.Scenario(),
        r"Scenario: is not made by hand; allowed: pathsim\.load\(path\), and scenario\.change",
    ),
    "scenario by its path": (
        lambda _: ps.Scenario("dorset/baseline"),
        r"Scenario: has the wrong type; found 'str'; allowed: pathsim\.load",
    ),
    "scenario of a title": (lambda _: ps.Scenario(title="A"), r"Scenario\.cohort: is missing"),
    "scenario of an unknown key": (
        lambda b: ps.Scenario(**{**b.model_dump(), "hazrd": 1}),
        r"Scenario\.hazrd: unknown key; did you mean 'hazard'",
    ),
    "scenario out of range": (
        lambda b: ps.Scenario(**{**b.model_dump(), "title": ""}),
        r"Scenario\.title: must not be empty",
    ),
    "quantity": (lambda _: Quantity(value=1), "Quantity: has no source"),
    "quantity of a truth": (
        lambda _: Quantity(value=np.bool_(True), source="x"),
        r"Quantity\.value: has the wrong type",
    ),
    "quantity of text": (lambda _: Quantity("x"), "allowed: fields by name: value, source"),
    "row": (lambda _: Row(people=0), r"Row\.people: is out of range; found 0; allowed: 1 or more"),
    "targets": (lambda _: Targets(title="x"), r"Targets\.parameters: is missing"),
    "no people": (lambda _: ps.Cohort(), r"Cohort: is not made by hand; allowed: Cohort\.from_fi"),
    "people of a frame": (lambda _: ps.Cohort(pd.DataFrame()), r"Cohort\.from_frame\(table\)"),
    "no posterior": (lambda _: Posterior(), r"Posterior: is not made by hand; allowed: Posteri"),
    "posterior of a number": (lambda _: Posterior(3), "table: has the wrong type; found 'int'"),
    "no run": (lambda _: ps.Run(), r"Run: is not made by hand; allowed: pathsim\.run\(sc"),
    "run of a scenario": (ps.Run, r"allowed: pathsim\.run\(scenario\)"),
    "run of few": (lambda b: ps.Run(b, replications=3), r"allowed: pathsim\.run\(scenario\)"),
    "comparison": (
        lambda b: ps.Comparison(b, [b]),
        r"allowed: pathsim\.compare\(baseline, options",
    ),
    "service": (lambda b: b.services["mentr"], "did you mean 'mentor'"),
    "pool": (lambda b: b.pools["iom"], "is not a name here"),
    "keys": (lambda b: b.keys(3), "part: has the wrong type; found 'int'"),
    "key of a mapping": (
        lambda b: b.change("x", {"hazard.multipliers": {"sex=men": 2}}),
        "did you mean 'sex=male'\\?; found 'sex=men'; allowed: age_group=adult",
    ),
    "key": (lambda b: b.key.services["mentr"], "services: is not a name here; did you mean"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_slip_in_a_call_is_bad_input_that_says_what_is_allowed(baseline, call):
    made, message = CALLS[call]
    with pytest.raises(ps.InputError, match=message) as refusal:
        made(baseline)
    assert isinstance(refusal.value, ValueError)


RESULTS = {
    "group": (lambda r: r.table(group=["sex=male"]), "text, such as 'all' or 'sex'"),
    "attribute": (lambda r: r.table(group="sexx"), "did you mean 'sex'"),
    "column": (
        lambda r: r.table(group="age"),
        "group: is not in this result; found 'age'; allowed: all, sex, or a level of one",
    ),
    "suffix": (lambda r: r.report("x.xlsx"), "x.xlsx: has no known suffix for a report; allowed"),
    "outcome": (lambda r: r.plot.difference(3), "outcome: has the wrong type"),
    "axes": (lambda r: r.plot.difference(ax=3), "the axes of a Matplotlib figure"),
    "path": (lambda r: r.report(None), "the path of a file"),
}


@pytest.mark.parametrize("call", RESULTS)
def test_a_slip_with_a_result_too(tmp_path, call):
    made, message = RESULTS[call]
    with pytest.raises(ps.InputError, match=message):
        made(made_up_comparison(tmp_path))


def told(call):
    """Return what a call warns of, and where it says that it was called."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    assert {each.filename for each in caught} <= {__file__}
    return [str(each.message) for each in caught]


def test_an_option_that_is_given_twice_or_is_the_baseline_is_warned_of(baseline, tmp_path):
    more = baseline.change("More", {"services.mentor.capacity": 9})
    other = baseline.change("More", {"services.mentor.capacity": 12})
    twice = ["the option 'More' is given more than once"]
    assert told(lambda: ps.compare(baseline, [more, more], **FEW)) == twice
    again = baseline.change("More", {"services.mentor.capacity": 9})
    assert told(lambda: ps.compare(baseline, [more, other, again], **FEW)) == twice
    assert told(lambda: ps.compare(baseline, [more, other], **FEW)) == []
    itself = ["the option 'Small town' is the baseline itself and changes nothing"]
    assert told(lambda: ps.compare(baseline, [baseline, more], **FEW)) == itself
    files = [tmp_path / "more.toml", tmp_path / "." / "more.toml"]
    (said,) = told(lambda: ps.compare(tmp_path / "baseline.toml", files, **FEW))
    assert said == "the option 'More <mentors> & more' is given more than once"


def test_titles_are_told_apart_from_each_other_and_from_the_baselines(baseline):
    def titled(title, places):
        return baseline.change(title, {"services.mentor.capacity": places})

    options = [titled("X", 7), titled("X (2)", 8), titled("X", 9), titled(baseline.title, 10)]
    compared = ps.compare(baseline, options, **FEW)
    assert [each.title for each in compared.options] == ["X", "X (2)", "X (3)", "Small town (2)"]


def test_a_posterior_of_other_units_is_warned_of_with_its_file(baseline, tmp_path):
    sample = tmp_path / "p.csv"
    sample.write_text("hazard.adult_level\n0.5\n0.5\n", encoding="utf-8")
    assert told(lambda: ps.run(baseline, posterior=sample, **FEW)) == [
        f"{sample}: hazard.adult_level: 0.5 reoffences a day is unusual; usually 0 to 0.05; is "
        "this a rate a year, or a share? a rate a year of 0.2 is 0.2 / 365.25 a day"
    ]
    sample.write_text("hazard.adult_level\n0.004\n0.005\n", encoding="utf-8")
    assert told(lambda: ps.run(baseline, posterior=sample, **FEW)) == []
    sample.write_text("id\n1\n", encoding="utf-8")
    with pytest.raises(ps.InputError, match=r"p\.csv: id: cannot be drawn anew"):
        ps.run(baseline, posterior=sample, **FEW)


def test_the_folder_of_shipped_scenarios_is_told_what_is_in_it():
    with pytest.raises(ps.InputError, match="dorset: no such file; the shipped scenarios in it"):
        ps.load("dorset")
    with pytest.raises(ps.InputError, match="dorst: no such file; did you mean 'dorset'"):
        ps.run("dorset/baseline", posterior="dorst")


def test_an_unknown_service_is_a_key_error_too(baseline):
    with pytest.raises(KeyError, match="did you mean 'mentor'"):
        baseline.services["mentr"]
    assert baseline.services.get("mentr") is None


def test_what_is_made_well_is_made(baseline):
    again = ps.Scenario(**baseline.model_dump())
    assert again == baseline
    assert Quantity(value=np.float32(0.5), source="x") == Quantity(value=0.5, source="x")
    assert Row(people=np.int64(3)) == Row(people=3)
    assert type(Row(people=np.int64(3)).people) is int
    cohort = ps.Cohort.from_scenario(baseline)
    assert pickle.loads(pickle.dumps(cohort)).frame.equals(cohort.frame)
    assert pickle.loads(pickle.dumps(baseline)) == baseline


def test_numpys_whole_numbers_are_whole_numbers(baseline):
    ours = ps.run(baseline, replications=2, seed=3, workers=1)
    theirs = ps.run(baseline, replications=np.int64(2), seed=np.uint8(3), workers=np.int32(1))
    assert ours.table().equals(theirs.table())
    assert type(theirs.provenance["seed"]) is int


def test_a_table_of_an_attribute_has_all_its_levels(tmp_path):
    result = made_up_comparison(tmp_path)
    for made in (result, result.baseline):
        table = made.table(group="sex")
        assert set(table["group"]) == {"sex=male", "sex=female"}
        whole = made.table()
        assert len(table) == whole["group"].str.startswith("sex=").sum()
        assert list(table.index) == list(range(len(table)))


def test_dir_shows_what_a_user_needs(baseline):
    names = dir(baseline)
    assert {"change", "key", "keys", "services", "title", "to_toml"} <= set(names)
    assert not [name for name in names if name.startswith(("model_", "_")) or name == "copy"]
    assert "value" in dir(baseline.services["mentor"].referral)
    assert baseline.model_dump()["title"] == "Small town"


def test_keys_lists_what_change_takes(baseline):
    assert "services.mentor.capacity" in baseline.keys("mentor.cap")
    assert all("hazard" in key for key in baseline.keys("hazard"))
    key = baseline.key.services.mentor.capacity
    assert str(key) == "services.mentor.capacity"
    assert baseline.change("M", {key: 9}) == baseline.change("M", {str(key): 9})
    with pytest.raises(AttributeError):
        baseline.key.services.mentr  # noqa: B018 the look-up is the test


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("baseline.services['me", "mentor"),
        ("baseline.services['mentor'].capa", "capacity"),
        ("baseline.key.services.men", "mentor"),
        ("baseline.change('x', {key.services.mentor.cap", "capacity"),
        ("key.hazard['adu", "adult_level"),
    ],
)
def test_ipython_completes_names(baseline, typed, offered, monkeypatch):
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)  # of the shell: IPython warns of another
    shell = InteractiveShell.instance()
    shell.Completer.use_jedi = False
    shell.user_ns.update(baseline=baseline, key=baseline.key)
    with warnings.catch_warnings(), provisionalcompleter():
        warnings.simplefilter("ignore")  # of the completer itself
        found = [each.text for each in shell.Completer.completions(typed, len(typed))]
    assert any(offered in text for text in found)


@pytest.mark.parametrize(
    ("baseline", "options", "said"),
    [
        ("more.toml", "baseline.toml", "is given before it"),
        ("baseline.toml", ["more.toml", "more.toml"], "is given more than once"),
    ],
)
def test_a_warning_of_a_comparison_is_told_at_the_line_that_asks(
    tmp_path, monkeypatch, baseline, options, said
):
    monkeypatch.chdir(write_scenarios(tmp_path))
    with pytest.warns(InputWarning, match=said) as caught:
        ps.compare(baseline, options, replications=2, workers=1)
    assert {each.filename for each in caught} == {__file__}
