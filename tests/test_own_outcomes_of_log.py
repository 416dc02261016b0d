"""Outcomes that an analyst's own function reads from the event log, without touching the engine."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from small_scenario import write_scenarios

FEW = {"draws": 0, "replications": 3, "workers": 2}


def mentored(log: pd.DataFrame) -> float:
    """How many starts with the mentor there are."""
    return (log["event"] == "service_start").sum()


def days_mentored(log: pd.DataFrame) -> pd.Series:
    """Days of each person with the mentor."""
    starts = log[log["event"] == "service_start"].groupby("person")["time"].min()
    ends = log[log["event"].isin(["service_complete", "drop_out"])].groupby("person")["time"].max()
    return ends - starts


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = write_scenarios(tmp_path_factory.mktemp("town"))
    return ps.load(folder / "baseline.toml")


@pytest.fixture(scope="module")
def option(town):
    return town.change("Twice the mentors", {"services.mentor.capacity": 12})


def test_a_function_is_an_outcome_of_every_replication(town):
    run = ps.run(town, **FEW, outcomes=[mentored])
    frame = run.replications(group="all")
    found = frame.loc[frame["outcome"] == "own.mentored", "value"].tolist()
    assert found == [mentored(ps.log(town, replication=k)) for k in range(3)]
    assert min(found) > 0
    row = run.table(group="all").set_index("outcome").loc["own.mentored"]
    assert row["mean"] == pytest.approx(np.mean(found), rel=1e-12)
    assert run.described()["own.mentored"] == {
        "title": "Mentored",
        "unit": "number",
        "of": "what an own function reads from the event log",
    }


def test_figures_by_person_are_a_mean_over_the_people_counted(town):
    run = ps.run(town, **FEW, outcomes=[days_mentored])
    log = ps.log(town)
    each = days_mentored(log)
    counted = each[[name for name in each.index if name.isdecimal()]]
    assert 0 < len(counted) < 100
    frame = run.replications(group="all")
    first = frame[(frame["outcome"] == "own.days_mentored") & (frame["replication"] == 0)]
    assert first["value"].item() == pytest.approx(counted.fillna(0).sum() / 100, rel=1e-12)


def test_a_comparison_has_its_difference_and_interval(town, option):
    compared = ps.compare(town, option, **FEW, outcomes=[mentored, days_mentored])
    row = compared["Twice the mentors"].table(group="all").set_index("outcome").loc["own.mentored"]
    both = [[mentored(ps.log(side, replication=k)) for k in range(3)] for side in (town, option)]
    difference = np.subtract(both[1], both[0])
    assert row["difference"] == pytest.approx(difference.mean(), rel=1e-12)
    assert row["low"] < row["difference"] < row["high"]
    assert np.isnan(row["probability_better"])


def test_other_outcomes_keep_their_bits(town, option):
    plain = ps.compare(town, option, **FEW).table()
    own = ps.compare(town, option, **FEW, outcomes=[mentored]).table()
    same = own[own["outcome"] != "own.mentored"].reset_index(drop=True)
    pd.testing.assert_frame_equal(same, plain, check_exact=True)


def test_states_of_the_world_have_them_too_and_files_keep_them(town, tmp_path):
    guess = {"value": 0.5, "low": 0.3, "high": 0.8, "source": "a guess", "grade": "assumed"}
    mild = town.change("Mild", {"services.mentor.hazard_ratio": guess})
    compared = ps.compare(town, mild, draws=2, replications=2, outcomes=[mentored])
    compared.save(tmp_path / "c.json")
    again = ps.read_result(tmp_path / "c.json")
    assert "own.mentored" in again.options[0].everybody
    assert again.table().equals(compared.table())


def test_what_one_function_does_to_the_log_is_nothing_to_another(town):
    def spoils(log):
        log["event"] = "nothing"
        return 0

    found = ps.run(town, **FEW, outcomes=[spoils, mentored]).table(group="all")
    assert found.set_index("outcome").loc["own.mentored", "mean"] > 0


def test_a_fault_in_a_function_is_its_own(town):
    def fails(log):
        return log["no such column"]

    with pytest.raises(KeyError, match="no such column") as caught:
        ps.run(town, **FEW, outcomes=[mentored, fails])
    assert caught.value.__notes__ == ["in the own outcome 'fails'"]


def test_figures_by_anything_else_than_the_person_are_refused(town):
    def numbered(log):
        return days_mentored(log).reset_index(drop=True)

    def by_event(log):
        return log.groupby("event")["time"].count()

    def one_too_many(log):
        return pd.concat([days_mentored(log), pd.Series({"everybody": 3.0})])

    def whole_ids(log):
        found = days_mentored(log)
        return found.set_axis(np.arange(len(found)))

    for function, label in (
        (numbered, "0"),
        (by_event, "'accommodation'"),
        (one_too_many, "'everybody'"),
        (whole_ids, "0"),
    ):
        message = f"{function.__name__}: is a Series by something else than the person; found "
        with pytest.raises(ps.InputError, match=f"{message}{label}; allowed: an index of ids"):
            ps.run(town, **FEW, outcomes=[function])


def test_nobody_and_people_of_other_generations_are_no_strangers(town):
    def of_nobody(log):
        return days_mentored(log[log["event"] == "no such event"])

    def of_all(log):
        return log.groupby("person")["time"].count()

    town = town.change("Two years", {"follow_up.generations_before": 1})
    run = ps.run(town, **FEW, outcomes=[of_nobody, of_all])
    means = run.table(group="all").set_index("outcome")["mean"]
    assert means["own.of_nobody"] == 0
    counts = [of_all(ps.log(town, replication=k)) for k in range(3)]
    assert not all(name.isdecimal() for name in counts[0].index)  # others are in the log
    ours = [each[[name for name in each.index if name.isdecimal()]].sum() / 100 for each in counts]
    assert means["own.of_all"] == pytest.approx(np.mean(ours), rel=1e-12)


class Starts:
    """A function with a memory: which event it counts."""

    def __init__(self, event):
        self.event = event

    def __call__(self, log):
        return (log["event"] == self.event).sum()


def test_what_has_no_name_of_its_own_is_given_one(town):
    def counted(log, event):
        return (log["event"] == event).sum()

    part = functools.partial(counted, event="service_start")
    part.__name__ = "part"
    pairs = [("starts", Starts("service_start")), ("small", len), part]
    run = ps.run(town, **FEW, outcomes=[mentored, *pairs])
    means = run.table(group="all").set_index("outcome")["mean"]
    assert means["own.starts"] == means["own.part"] == means["own.mentored"] > 0
    assert means["own.small"] > means["own.starts"]


def test_a_name_that_a_built_in_outcome_has_is_refused(town):
    for name in ("reoffences_total", "cost_public", "custody_places_mean"):
        with pytest.raises(ps.InputError, match=f"is the name of a built-in .* found '{name}'"):
            ps.run(town, **FEW, outcomes=[(name, mentored)])


def test_what_is_no_function_or_no_figure_is_refused(town, option):
    def words(_log):
        return "many"

    def by_words(_log):
        return pd.Series({"1": "many"})

    for outcomes, message in (
        ([3], "outcomes: has the wrong type; found 'int'"),
        (mentored, "outcomes: has the wrong type; found 'function'"),
        ([lambda log: 0], "outcomes: needs a name; found '<lambda>'; .*pairs"),
        ([Starts("release")], "outcomes: needs a name; found 'Starts'"),
        ([functools.partial(mentored)], "outcomes: needs a name; found 'partial'"),
        ([("two words", mentored)], "outcomes: needs a name; found 'two words'"),
        ([(mentored, "swapped")], "outcomes: has the wrong type; found 'str'"),
        ([("mentored", mentored), mentored], "outcomes: is given twice; found 'mentored'"),
        ([mentored, mentored], "outcomes: is given twice; found 'mentored'"),
        ([words], "words: has the wrong type; found 'str'"),
        ([by_words], "by_words: has the wrong type; found 'Series'"),
    ):
        with pytest.raises(ps.InputError, match=message):
            ps.run(town, **FEW, outcomes=outcomes)
    with pytest.raises(ps.InputError, match="outcomes: are not read of independent samples"):
        ps.compare(town, option, replications=2, unpaired=True, outcomes=[mentored])
