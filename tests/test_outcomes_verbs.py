"""What the verbs ask of a study, and what they make of it: no engine, made-up counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.engine.contract import OutcomeColumn
from pathsim.errors import InputWarning
from pathsim.outcomes import against, order, people, verbs
from pathsim.outcomes import asked as asked_for
from pathsim.outcomes.provenance import Request
from pathsim.outcomes.values import Block, Values
from pathsim.scenario.units import LARGEST_SEED
from pathsim.study.calibration.posterior import Posterior
from pathsim.study.plan import Plan
from pathsim.study.run import StudyRuns
from small_scenario import _counts, compared, write_scenarios


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    most = 'extends = "baseline.toml"\ntitle = "Most"\nservices.mentor.capacity = 30\n'
    (tmp_path / "most.toml").write_text(most, encoding="utf-8")
    return tmp_path


@pytest.fixture
def asked(monkeypatch) -> list[Any]:
    """Note every study that is asked for; it returns made-up counts."""
    found: list[Any] = []

    def study(
        scenarios: Any,
        *,
        plan: Plan,
        cohort: Any = None,
        progress: Any = None,
        take: Any = None,
        outcomes: Any = None,
    ) -> Any:
        assert not outcomes
        found.append((list(scenarios), plan, cohort, progress))
        runs = tuple(_counts(plan.replications) for _ in scenarios)
        for each in runs if take else ():
            take(each)
        return StudyRuns(runs=runs, plan=plan, elapsed_seconds=0.0)

    monkeypatch.setattr(verbs, "run_study", study)
    monkeypatch.setattr(people, "run_study", study)
    return found


def test_a_run_has_two_hundred_replications_of_seed_1_by_the_kernel_on_its_own_people(
    folder, asked
):
    result = ps.run("baseline.toml", workers=2)
    ((scenario,), plan, cohort, progress), *_ = asked
    assert (scenario.title, cohort, progress) == ("Small town", None, None)
    assert plan == Plan(replications=200, seed=1, workers=2, engine="kernel")
    assert result.request == Request("Small town", "baseline.toml", scenario)
    assert ps.run("baseline.toml", replications=1).provenance["replications"] == 1
    made = ps.run(scenario, replications=1).request
    assert made == Request("Small town", None, scenario)
    with pytest.raises(ps.InputError, match="replications: is out of range; found 0; allowed: 1"):
        ps.run(scenario, replications=0)


def test_a_comparison_has_the_same_with_the_baselines_people_for_all(folder, asked):
    result = ps.compare("baseline.toml", ["more.toml", "most.toml"], workers=2)
    assert [len(each.changes) for each in result.options] == [2, 1]
    (scenarios, plan, cohort, progress), *_ = asked
    titles = ["Small town", "More <mentors> & more", "Most"]
    assert [each.title for each in scenarios] == titles
    assert plan == Plan(replications=200, seed=1, workers=2, engine="kernel")
    assert (len(cohort), progress) == (100, None)
    with pytest.raises(ps.InputError, match="replications: is out of range; found 1; allowed: 2"):
        ps.compare("baseline.toml", "more.toml", replications=1)


def test_all_are_compared_on_the_people_of_the_baseline(folder, asked, monkeypatch):
    ours, theirs = (ps.Cohort.from_scenario(ps.load("baseline.toml")) for _ in range(2))
    monkeypatch.setattr(verbs, "cohorts", lambda *_: [ours, theirs, theirs])
    ps.compare("baseline.toml", ["more.toml", "most.toml"], replications=2, progress=print)
    (_, _, cohort, progress), *_ = asked
    assert cohort is ours
    assert progress is print


def test_what_is_no_scenario_is_told_by_its_place_in_the_call(folder):
    wrong: Any = 3
    with pytest.raises(ps.InputError, match=r"^options: has the wrong type"):
        ps.compare("baseline.toml", [wrong])
    with pytest.raises(ps.InputError, match=r"^baseline: has the wrong type"):
        ps.compare(wrong, "more.toml")
    with pytest.raises(ps.InputError, match=r"^scenario: has the wrong type"):
        ps.run(wrong)
    said = r"^options: compare needs at least one option; allowed: a Scenario.*or a list of them$"
    with pytest.raises(ps.InputError, match=said):
        ps.compare("baseline.toml", [])


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")  # columns are assumed
def test_what_is_asked_for_is_passed_on(folder, asked):
    frame = pd.DataFrame({"age": [30] * 100, "sex": "male", "disposal": "community_order"})
    cohort = ps.Cohort.from_frame(
        frame.assign(offence_group="theft", previous_offences=0, id=range(100))
    )
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.003, 0.004]}))
    terms: dict[str, Any] = {
        "replications": 3,
        "seed": 5,
        "workers": 4,
        "engine": "reference",
        "cohort": cohort,
        "posterior": posterior,
        "progress": print,
    }
    ps.run("baseline.toml", **terms)
    ps.compare("baseline.toml", "more.toml", **terms)
    plan = Plan(replications=3, seed=5, workers=4, engine="reference", posterior=posterior)
    for _, found, whom, progress in asked:
        assert (found, whom is cohort, progress) == (plan, True, print)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ps.run("baseline.toml", replications=2, scale=200.0),
        lambda: ps.compare("baseline.toml", "more.toml", replications=2, scale=200.0),
    ],
)
def test_an_unusual_scale_is_warned_of_at_the_line_that_asks(folder, asked, call):
    with pytest.warns(InputWarning, match="scale: 200") as caught:
        call()
    line = call.__code__.co_firstlineno
    assert {(each.filename, each.lineno) for each in caught} == {(__file__, line)}
    assert {scenario.scale.value for scenarios, *_ in asked for scenario in scenarios} == {200.0}


@pytest.mark.parametrize(
    "call",
    [
        lambda: ps.run("baseline.toml", replications=2, posterior="p.csv"),
        lambda: ps.compare("baseline.toml", "more.toml", replications=2, posterior="p.csv"),
    ],
)
def test_an_unusual_posterior_is_warned_of_at_the_line_that_asks(folder, asked, call):
    (folder / "p.csv").write_text("hazard.adult_level\n0.5\n0.5\n", encoding="utf-8")
    with pytest.warns(InputWarning, match="reoffences a day is unusual") as caught:
        call()
    line = call.__code__.co_firstlineno
    assert [(each.filename, each.lineno) for each in caught] == [(__file__, line)]


def test_the_old_name_of_an_engine_is_warned_of_at_the_line_that_asks(folder, asked):
    with pytest.warns(InputWarning, match="'twin' is now called 'reference'") as caught:
        ps.run("baseline.toml", replications=2, engine="twin")
    assert [each.filename for each in caught] == [__file__]
    assert asked[0][1].engine == "reference"


def test_a_log_is_of_replication_0_and_seed_1(folder, monkeypatch):
    found: list[Any] = []
    monkeypatch.setattr(verbs, "event_log", lambda *a, **k: found.append((a, k)))
    verbs.log("baseline.toml")
    verbs.log("baseline.toml", seed=7, engine="reference", cohort=None)
    plans = [more["plan"] for _, more in found]
    assert plans[0] == Plan(replications=1, seed=1, workers=1, engine="kernel")
    assert plans[1] == Plan(replications=1, seed=7, workers=1, engine="reference")
    assert [(scenario.title, more["cohort"]) for (scenario,), more in found] == [
        ("Small town", None)
    ] * 2


# What is given


def test_options_are_one_or_several_of_anything_that_is_a_scenario(folder):
    scenario = ps.load("baseline.toml")
    assert asked_for.as_list(scenario) == [scenario]
    assert asked_for.as_list("more.toml") == ["more.toml"]
    assert asked_for.as_list(Path("more.toml")) == [Path("more.toml")]
    assert asked_for.as_list(each for each in ("a", "b")) == ["a", "b"]
    assert asked_for.as_list([]) == []
    for wrong in ({"a": 1}, b"a", pd.DataFrame({"a": [1]}), 3, None):
        with pytest.raises(
            ps.InputError, match=r"options: has the wrong type.*, or a list of them"
        ):
            asked_for.as_list(wrong)


def test_titles_that_occur_again_have_a_number():
    scenario: Any = None
    given = [Request(title, None, scenario) for title in ("a", "b", "a", "a")]
    assert [each.title for each in asked_for.distinct(given)] == ["a", "b", "a (2)", "a (3)"]


def test_a_posterior_may_be_a_path_or_read_already(tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("hazard.adult_level\n0.5\n0.5\n", encoding="utf-8")
    read = asked_for.posterior_of(file)
    assert read is not None
    assert len(read) == 2
    assert asked_for.posterior_of(read) is read
    assert asked_for.posterior_of(None) is None


def test_an_independent_comparison_is_asked_for_by_a_truth_of_any_library(folder, asked):
    for unpaired in (True, np.bool_(True)):
        asked.clear()
        ps.compare("baseline.toml", "more.toml", replications=2, unpaired=unpaired)
        assert [plan.seed for _, plan, *_ in asked] == [1, 2]
    ps.compare("baseline.toml", "more.toml", replications=2, unpaired=np.bool_(False))
    assert len(asked) == 3


def test_scenarios_run_apart_have_the_seeds_that_follow_and_go_round(folder, asked):
    told: list[tuple[int, int]] = []
    scenarios: Any = ["a", "b", "c"]
    cohorts: Any = ["of a", "of b", "of c"]
    plan = Plan(replications=10, seed=LARGEST_SEED - 1, workers=1, engine="kernel")
    studies = people.run_apart(
        scenarios, cohorts, plan=plan, progress=lambda *step: told.append(step)
    )
    assert len(studies) == 3
    seeds = [LARGEST_SEED - 1, LARGEST_SEED, 0]
    assert [(given, whom) for given, _, whom, _ in asked] == [
        (["a"], "of a"),
        (["b"], "of b"),
        (["c"], "of c"),
    ]
    assert [found for _, found, *_ in asked] == [replace(plan, seed=seed) for seed in seeds]
    for *_, progress in asked:
        progress(4, 10)
    assert told == [(4, 30), (14, 30), (24, 30)]
    people.run_apart(scenarios[:1], cohorts[:1], plan=plan, progress=None)
    assert asked[-1][3] is None


# What comes of it


def test_an_unpaired_comparison_is_of_each_scenarios_own_people_and_services(folder):
    requests = [
        Request(scenario.title, None, scenario)
        for scenario in (ps.load("baseline.toml"), ps.load("more.toml"))
    ]
    plan = Plan(replications=3, seed=1, workers=1, engine="kernel")
    ours, theirs = _counts(3), replace(_counts(3, dearer=700.0), services=("other",))
    theirs.person[:, 0, OutcomeColumn.PEOPLE] = 40
    studies = [StudyRuns(runs=(each,), plan=plan, elapsed_seconds=0.0) for each in (ours, theirs)]
    result = against.unpaired_comparison(requests, [()], studies)
    assert result.provenance["unpaired"] == [100, 40]
    (option,) = result.options
    assert (option.sizes["all"], result.sizes["all"]) == (40, 100)
    table = result.table(group="all").set_index("outcome")
    assert result.provenance["people"] == 100
    assert table.loc["cost_total", "difference"] == 700.0
    assert table["variance_ratio"].isna().all()
    rate = table.loc["proven_reoffending_rate"]
    assert rate["low"] < rate["difference"] < rate["high"], "not in pairs, in which none differs"
    starts = table.loc["service.mentor.starts", ["baseline_mean", "option_mean"]]
    assert starts.tolist() == [30.0, 0.0]
    other = table.loc["service.other.starts", ["baseline_mean", "option_mean"]]
    assert other.tolist() == [0.0, 30.0]
    assert "service.other.starts" not in {name for name, _ in result.baseline.rows}


def test_a_paired_comparison_is_in_pairs_and_fills_saved_days(folder):
    requests = [
        Request(scenario.title, None, scenario)
        for scenario in (ps.load("baseline.toml"), ps.load("more.toml"))
    ]
    plan = Plan(replications=3, seed=1, workers=1, engine="kernel")
    ours, theirs = _counts(3), _counts(3)
    ours.person[:, :, OutcomeColumn.CUSTODY_DAYS] = 10.0
    price = np.zeros_like(theirs.custody_day)
    price[:, :, 0] = 50.0
    theirs = replace(
        theirs, custody_day=price, refill_share=np.ones((3, 2)), services=("mentor", "zeal")
    )
    theirs = replace(theirs, load=np.zeros((3, 3, 2, 6)), busy_days=np.zeros((3, 2)))
    theirs = replace(theirs, queue_days=np.zeros((3, 2)), capacity_days=np.ones((3, 2)))
    study = StudyRuns(runs=(ours, theirs), plan=plan, elapsed_seconds=0.0)
    result = compared(requests, [()], study)
    table = result.table(group="all").set_index("outcome")
    assert table.loc["cost_total", "difference"] == 500.0
    assert table.loc["cost_total", "same_in"] == 3.0
    zeal = table.loc["service.zeal.starts", ["baseline_mean", "option_mean"]]
    assert zeal.tolist() == [0.0, 0.0]
    assert "service.zeal.starts" not in {name for name, _ in result.baseline.rows}
    filled = table.loc["cost_public_marginal_refill_1", ["baseline_mean", "option_mean"]]
    assert filled.notna().all()
    alone = compared(requests, [()], replace(study, runs=(theirs, ours)))
    table = alone.table(group="all").set_index("outcome")
    assert table.loc["service.zeal.starts", "option_mean"] == 0.0
    assert result.baseline.request is requests[0]
    assert [each.request for each in result.options] == requests[1:]


def test_of_what_is_expected_no_direction_is_better():
    rows = [("proven_reoffending_rate", "all"), ("expected_reoffending_rate", "all")]
    assert against._better([*rows, ("days_to_first_reoffence", "all")]).tolist() == [-1, 0, 1]


def test_the_rows_of_an_option_are_the_baselines_then_its_own(folder):
    def values(*names: str) -> Values:
        made = [Block(name, ("all",), lambda: np.ones((2, 1))) for name in names]
        return Values(made, replications=2, sizes={"all": len(names)})

    request = Request("x", None, ps.load("baseline.toml"))
    found = against._option(
        request,
        (),
        values("cost_nhs", "cost_total"),
        values("cost_police", "cost_total", "cost_nhs"),
    )
    assert [name for name, _ in found.rows] == ["cost_nhs", "cost_total", "cost_police"]
    assert found.sizes == {"all": 3}
    assert found.paired.difference.mean[:2].tolist() == [0.0, 0.0]
    assert np.isnan(found.paired.difference.mean[2])


# What is warned of


def requests_of(*scenarios: Any, files: bool = False) -> list[Request]:
    return [
        Request(each.title, f"{each.title}.toml" if files else None, each) for each in scenarios
    ]


def test_an_option_given_before_its_baseline_is_warned_of(folder):
    base = ps.load("baseline.toml")
    option = base.change("Option", {"hazard.adult_level": 0.004})
    for files in (True, False):
        with pytest.warns(InputWarning, match="'Option' is an option of .* and is given before it"):
            order.warn_of_order(requests_of(option, base, files=files))
    order.warn_of_order(requests_of(base, option, files=True))


def test_a_baseline_that_is_an_option_of_what_is_not_given_is_warned_of_if_it_is_a_file(folder):
    base = ps.load("baseline.toml")
    option = base.change("Option", {"hazard.adult_level": 0.004})
    further = option.change("Further", {"hazard.adult_level": 0.005})
    with pytest.warns(InputWarning, match=r"Option\.toml: is itself an option of .*from 'Option'"):
        order.warn_of_order(requests_of(option, further, files=True))
    order.warn_of_order(requests_of(option, further))
    elsewhere = base.change("Elsewhere", {"cohort.rows": [{"people": 5}]})
    order.warn_of_order(requests_of(elsewhere, further, files=True))
    third = elsewhere.change("Third", {"hazard.adult_level": 0.004})
    with pytest.warns(InputWarning, match=r"Third\.toml: is itself an option of 'Elsewhere'"):
        order.warn_of_order(requests_of(third, further, files=True))


def test_an_option_that_is_the_baseline_or_is_given_again_is_warned_of(folder, recwarn):
    base = ps.load("baseline.toml")
    more = base.change("More", {"hazard.adult_level": 0.004})
    other = base.change("Other", {"hazard.adult_level": 0.005})
    same_title = base.change("Small town", {"hazard.adult_level": 0.005})
    order.warn_of_repeats(requests_of(base, more, other, same_title))
    assert [str(each.message) for each in recwarn] == []
    order.warn_of_repeats(requests_of(base, base, more, other, more))
    assert [str(each.message) for each in recwarn] == [
        "the option 'Small town' is the baseline itself and changes nothing",
        "the option 'More' is given more than once",
    ]
