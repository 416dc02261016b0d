"""The public face: what others rely on, and quick to import."""

import inspect
import subprocess
import sys

import pytest

import pathsim as ps
from small_scenario import write_scenarios

PUBLIC = [
    "Cohort",
    "Comparison",
    "InputError",
    "InputWarning",
    "Posterior",
    "Run",
    "Scenario",
    "Service",
    "__version__",
    "backcast",
    "calibrate",
    "compare",
    "decide",
    "equality",
    "example",
    "explain",
    "load",
    "log",
    "plot",
    "portfolio",
    "read_result",
    "run",
    "scenarios",
    "sensitivity",
    "shapley",
    "sweep",
    "using",
    "value",
]
"""Changing this list is a deliberate act."""
STUDY_ARGUMENTS = [
    "draws",
    "replications",
    "seed",
    "workers",
    "engine",
    "cohort",
    "scale",
    "posterior",
    "progress",
    "outcomes",
    "executor",
    "store",
]


def test_the_public_names_are_these():
    assert list(ps.__all__) == PUBLIC
    assert all(getattr(ps, name) is not None for name in PUBLIC)
    assert set(PUBLIC) <= set(dir(ps))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'simulate'"):
        ps.simulate  # noqa: B018 the look-up is the test


@pytest.mark.parametrize(
    ("verb", "subjects", "own"),
    [("compare", ["baseline", "options"], ["unpaired", "until"]), ("run", ["scenario"], [])],
)
def test_the_verbs_take_their_choices_by_name(verb, subjects, own):
    parameters = inspect.signature(getattr(ps, verb)).parameters
    scale = STUDY_ARGUMENTS.index("scale") + 1
    choices = [*STUDY_ARGUMENTS[:scale], *own, *STUDY_ARGUMENTS[scale:]]
    assert list(parameters) == [*subjects, *choices]
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in choices)


def test_importing_loads_no_heavy_package():
    code = "import sys, pathsim; print(*{'numba','pandas','scipy','pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_comparison_takes_scenarios_paths_or_a_single_option(tmp_path):
    folder = write_scenarios(tmp_path)
    baseline, more = ps.load(folder / "baseline.toml"), ps.load(folder / "more.toml")
    by_path = ps.compare(folder / "baseline.toml", str(folder / "more.toml"), replications=2)
    by_scenario = ps.compare(baseline, [more], replications=2)
    assert isinstance(by_path, ps.Comparison)
    assert by_path.table().equals(by_scenario.table())
    assert by_path.options[0].request.file == str(folder / "more.toml")
    assert by_scenario.options[0].request.file is None


def test_a_comparison_without_options_is_refused(tmp_path):
    with pytest.raises(ps.InputError, match="needs at least one option"):
        ps.compare(write_scenarios(tmp_path) / "baseline.toml", [])


def test_the_baseline_as_its_own_option_is_warned_of(tmp_path):
    baseline = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    with pytest.warns(ps.InputWarning, match="is the baseline itself"):
        result = ps.compare(baseline, [baseline], replications=2)
    table = result.table(group="all")
    assert (table["difference"].dropna() == 0).all()


def test_options_of_one_title_are_told_apart(tmp_path):
    folder = write_scenarios(tmp_path)
    with pytest.warns(ps.InputWarning, match="is given more than once"):
        result = ps.compare(folder / "baseline.toml", [folder / "more.toml"] * 2, replications=2)
    titles = [option.request.title for option in result.options]
    assert titles == ["More <mentors> & more", "More <mentors> & more (2)"]


def test_one_run_of_one_replication_has_means_without_intervals(tmp_path):
    result = ps.run(write_scenarios(tmp_path) / "baseline.toml", replications=1)
    assert isinstance(result, ps.Run)
    outcomes = result.to_dict()["scenario"]["outcomes"]
    assert outcomes[0]["mean"] > 0
    assert outcomes[0]["se"] is None


def test_an_option_may_bring_a_service_that_the_baseline_lacks(tmp_path):
    baseline = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    course = {
        "title": "Course",
        "trigger": {"disposals": ["community_order"]},
        "referral": 0.5,
        "duration_days": 10,
    }
    result = ps.compare(
        baseline, [baseline.change("A course", {"services.course": course})], replications=3
    )
    starts = result.table(group="all").set_index("outcome").loc["service.course.starts"]
    assert starts["baseline_mean"] == 0
    assert starts["option_mean"] == starts["difference"] > 0
    assert result.options[0].services == ("course",)
