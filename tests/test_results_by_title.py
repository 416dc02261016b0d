"""An option's result by its title, and every replication as a tidy frame."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from pathsim.outcomes.option import UnknownOptionError
from pathsim.outcomes.results import OptionResult
from small_scenario import made_up_comparison, write_scenarios

MORE = "More <mentors> & more"


@pytest.fixture
def compared(tmp_path):
    return made_up_comparison(tmp_path, replications=6, draws=3)


def test_an_option_is_found_by_its_title(compared):
    found = compared[MORE]
    assert isinstance(found, OptionResult)
    assert found is compared.options[0]
    assert list(compared) == [MORE, "The same again"]
    assert MORE in compared
    assert len(compared) == 2
    assert compared._ipython_key_completions_() == list(compared)


def test_a_title_that_is_not_there_names_the_nearest(compared):
    with pytest.raises(KeyError) as error:
        compared["The same agian"]
    assert isinstance(error.value, ps.InputError)
    assert "did you mean 'The same again'?" in str(error.value)
    with pytest.raises(ps.InputError, match="option: has the wrong type; found 'int'"):
        compared[0]


def test_a_title_that_is_not_there_is_said_with_eight_of_those_that_are():
    told = str(UnknownOptionError("Mentr", ["Mentor", *(f"o{number}" for number in range(9))]))
    assert told == (
        "option: is no option of this comparison; did you mean 'Mentor'?; found 'Mentr'; allowed: "
        "'Mentor', 'o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'"
    )


def test_an_options_table_is_its_part_of_the_comparisons(compared):
    for kind in ("table", "summary"):
        whole = getattr(compared, kind)()
        own = whole[whole["option"] == MORE].drop(columns="option").reset_index(drop=True)
        assert getattr(compared[MORE], kind)().equals(own)


def test_an_option_shows_itself_in_short_and_escaped(compared):
    assert (
        repr(compared[MORE])
        == f"<OptionResult of {MORE!r}: {len(compared[MORE].rows):,} outcomes and groups>"
    )
    shown = compared[MORE]._repr_html_()
    assert "More &lt;mentors&gt; &amp; more" in shown
    assert "<mentors>" not in shown
    assert "The same again" not in shown


def test_results_are_compared_by_what_they_are_not_array_by_array(compared):
    assert compared in [None, compared]
    assert compared.options[0] != compared.options[1]
    assert compared.baseline != object()
    assert len({compared, compared.baseline, *compared.options}) == 4


def test_a_runs_replications_are_a_row_each(compared):
    frame = compared.baseline.replications()
    assert list(frame) == ["draw", "replication", "outcome", "group", "value"]
    assert len(frame) == 6 * len(compared.baseline.rows)
    rate = frame[(frame["outcome"] == "proven_reoffending_rate") & (frame["group"] == "all")]
    assert rate[["draw", "replication"]].to_numpy().tolist() == [
        [draw, replication] for draw in range(3) for replication in range(2)
    ]
    # 40 + r of 100 in replication r.
    assert rate["value"].to_numpy() == pytest.approx((40 + np.arange(6)) / 100, rel=1e-12)


def test_means_of_the_replications_are_the_tables(compared):
    frame = compared.baseline.replications(group="sex=male")
    means = frame.groupby("outcome")["value"].mean()
    table = compared.baseline.table(group="sex=male").set_index("outcome")["mean"]
    assert means.to_numpy() == pytest.approx(table[means.index].to_numpy(), rel=1e-12, nan_ok=True)


def test_a_comparisons_replications_hold_both_sides(compared):
    frame = compared.replications()
    assert list(frame) == [
        *("option", "draw", "replication", "outcome", "group"),
        *("baseline", "option_value", "difference"),
    ]
    table = compared.table().set_index(["option", "outcome", "group"])
    means = frame.groupby(["option", "outcome", "group"])[["baseline", "difference"]].mean()
    same = table.loc[means.index]
    assert means["difference"].to_numpy() == pytest.approx(
        same["difference"].to_numpy(), abs=1e-9, nan_ok=True
    )
    assert means["baseline"].to_numpy() == pytest.approx(
        same["baseline_mean"].to_numpy(), rel=1e-9, nan_ok=True
    )
    gone = (frame["option_value"] - frame["baseline"] - frame["difference"]).abs()
    assert gone.max() < 1e-8
    rates = frame[frame["outcome"] == "proven_reoffending_rate"]
    assert set(rates["group"]) == {"all", "sex=male", "sex=female"}


def test_a_service_that_the_baseline_lacks_has_no_starts_there(tmp_path):
    baseline = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    course = {
        "title": "Course",
        "trigger": {"disposals": ["community_order"]},
        "referral": 0.5,
        "duration_days": 10,
    }
    option = baseline.change("A course", {"services.course": course})
    frame = ps.compare(baseline, option, replications=3, draws=0).replications(group="all")
    starts = frame[frame["outcome"] == "service.course.starts"]
    assert (starts["baseline"] == 0).all()
    assert (starts["option_value"] == starts["difference"]).all()
    assert starts["option_value"].min() > 0
    assert starts["replication"].tolist() == [0, 1, 2]


def test_an_unknown_group_is_refused(compared):
    for result in (compared, compared.baseline):
        with pytest.raises(ps.InputError, match="did you mean 'sex=male'"):
            result.replications(group="sex=mal")
