"""The steps of a fit, with stand-ins for the model: by hand."""

from __future__ import annotations

import json
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.errors import InputError
from pathsim.study.calibration import Targets, fit
from pathsim.study.calibration.design import Belief, prior_of
from pathsim.study.calibration.fit import Sizes
from pathsim.study.calibration.posterior import MOST_DRAWS
from pathsim.study.calibration.sampler import Chain
from pathsim.study.calibration.store import Run, Store
from small_scenario import write_scenarios
from small_target import target

EXACT = 1e-12


# Sizes


@pytest.mark.parametrize(
    ("key", "least"),
    [("replications", 2), ("draws", 2), ("checks", 1), ("first", 1), ("second", 1)],
)
def test_sizes_have_a_least_and_a_most(key, least):
    def sizes(value: int) -> Sizes:
        if key in ("first", "second"):
            return Sizes(waves=(value, 7) if key == "first" else (7, value)).checked()
        return Sizes(**{key: value}).checked()

    for value in (least, MOST_DRAWS):
        found = sizes(value)
        assert (
            found.waves[key == "second"] if key in ("first", "second") else getattr(found, key)
        ) == value
    name = "waves" if key in ("first", "second") else key
    for value in (least - 1, MOST_DRAWS + 1):
        with pytest.raises(InputError, match=rf"^sizes\.{name}: is out of range; found {value};"):
            sizes(value)


@pytest.mark.parametrize("waves", [(), (1,), [1, 2], 5])
def test_there_are_two_waves_or_more(waves):
    with pytest.raises(InputError, match=r"^sizes\.waves: has the wrong type.*two numbers of runs"):
        Sizes(waves=waves).checked()
    found = Sizes(waves=(np.int64(5), 6, 7)).checked()
    assert found.waves == (5, 6, 7)
    assert {type(each) for each in found.waves} == {int}


# Runs


class Bench:
    """A bench whose runs are the log of their first parameter, told as they are made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sizes: Sizes, **more: Any) -> None:
        self.observed: list[Any] = []
        self.told: list[tuple[int, int]] = []
        monkeypatch.setattr(fit, "at", lambda _, values, *, source: (values, source))
        monkeypatch.setattr(fit, "observe", self.observe)
        self.store = Store(None, identity={})
        targets: Any = SimpleNamespace(title="T", fitted=(target(),), targets=(target(),))
        known: dict[str, Any] = {
            "scenario": SimpleNamespace(title="S"),
            "cohort": [0] * 1234,
            "targets": targets,
            "keys": ("a", "b"),
            "sizes": sizes,
            "seed": 9,
            "workers": 1,
            "store": self.store,
            "progress": lambda *step: self.told.append(step),
        }
        self.bench = fit._Bench(**known | more)

    def observe(self, scenario: Any, _cohort: Any, targets: Any, **more: Any) -> np.ndarray:
        values, source = scenario
        assert source == "design of a calibration"
        assert more.pop("stop") is not None
        assert len(targets) == 1
        self.observed.append((values, more))
        return np.full((len(more["replications"]), 1), math.log(values["a"]))


SIZES = Sizes(waves=(3, 2), replications=4, draws=10, checks=2)


def test_every_run_has_replications_of_its_own_and_is_told(monkeypatch):
    bench = Bench(monkeypatch, SIZES)
    points = np.array([[0.0, 1.0], [2.0, 3.0]])
    runs = bench.bench.run(1, points)
    assert [run.figures[0, 0] for run in runs] == pytest.approx([0.0, 2.0])
    values, more = bench.observed[1]
    assert values == {"a": pytest.approx(math.exp(2.0)), "b": pytest.approx(math.exp(3.0))}
    first = (1 << 24) + 4
    assert more == {"seed": 9, "replications": range(first, first + 4)}
    assert bench.told == [(3, 7), (4, 7), (5, 7)]  # three of the wave before
    bench.bench.run(0, points[:1])
    assert bench.observed[2][1]["replications"] == range(4)
    assert bench.told[3:] == [(0, 7), (1, 7)]
    bench.bench.run(2, points[:1])
    assert bench.observed[3][1]["replications"] == range(2 << 24, (2 << 24) + 4)
    assert bench.told[5:] == [(5, 7), (6, 7)]


def test_a_run_that_is_in_the_store_is_not_made_again(monkeypatch):
    bench = Bench(monkeypatch, SIZES)
    points = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    known = Run(points[1], np.array([[77.0]]))
    bench.store.add(0, 1, known)
    runs = bench.bench.run(0, points)
    assert [run.figures[0, 0] for run in runs] == pytest.approx([0.0, 77.0, 4.0])
    assert len(bench.observed) == 2
    assert len(bench.store) == 3
    assert bench.told == [(1, 7), (2, 7), (3, 7)]
    quiet = Bench(monkeypatch, SIZES, progress=None)
    assert len(quiet.bench.run(0, points[:1])) == 1
    assert quiet.told == []


def test_the_first_wave_is_wide_and_rough_and_the_others_count(monkeypatch):
    asked: list[Any] = []
    spread: list[Any] = []

    class Around(Belief):
        def spread(self, count: int, *, widened: float, seed: int) -> Any:
            spread.append((self.keys, count, widened, seed))
            return np.zeros((count, 2))

    def sampled(prior: Any, found: Any, *, draws: int, seed: int) -> Any:
        asked.append((prior.keys, found, draws, seed))
        return SimpleNamespace(points=np.zeros((3, 2)))

    made = iter(["rough", "counts"])
    monkeypatch.setattr(fit, "fit_emulator", lambda runs, _, **__: (next(made), len(runs)))
    monkeypatch.setattr(fit, "sample", sampled)
    monkeypatch.setattr(fit, "belief_of", lambda _, points: Around(("second",), points, points))
    bench = Bench(monkeypatch, SIZES)
    _, found = fit._sampled(bench.bench, Around(("a", "b"), np.zeros(2), np.eye(2)))
    assert found == ("counts", 2)
    assert spread == [(("a", "b"), 3, 0.75, 9), (("second",), 2, 1.2, 10)]
    keys = ("a", "b")
    assert asked == [(keys, ("rough", 3), 1000, 9), (keys, ("counts", 2), 10, 10)]
    many = Bench(monkeypatch, Sizes(waves=(3, 2), draws=1500))
    made = iter(["rough", "counts"])
    fit._sampled(many.bench, Around(keys, np.zeros(2), np.eye(2)))
    assert asked[2][2] == 1500


def test_waves_after_the_first_are_added_up_and_the_last_is_judged(monkeypatch):
    seen: list[Any] = []

    def emulated(runs: Any, _: Any, *, earlier: Any) -> str:
        seen.append(([run.point[0] for run in runs], [run.point[0] for run in earlier]))
        return "surfaces"

    class Around(Belief):
        def spread(self, count: int, *, widened: float, seed: int) -> Any:
            return np.full((count, 2), float(seed))

    monkeypatch.setattr(fit, "fit_emulator", emulated)
    monkeypatch.setattr(fit, "sample", lambda *_, **__: SimpleNamespace(points=np.zeros((3, 2))))
    monkeypatch.setattr(fit, "belief_of", lambda keys, points: Around(keys, points, points))
    bench = Bench(monkeypatch, Sizes(waves=(1, 2, 1, 2)))
    fit._sampled(bench.bench, Around(("a", "b"), np.zeros(2), np.eye(2)))
    assert seen == [
        ([9.0], []),
        ([10.0] * 2, []),
        ([11.0], [10.0] * 2),
        ([12.0] * 2, [11.0, 10.0, 10.0]),
    ]


def test_the_check_is_at_draws_evenly_through_the_chain(monkeypatch):
    ratio = target(id="y", title="Y", measure="reoffences_per_reoffender", published=2.0)

    class Surface(SimpleNamespace):
        def __call__(self, points: np.ndarray) -> np.ndarray:
            return np.column_stack([points[:, 0] * 0.0, np.log(points[:, 0] + 1.0)])

    points = np.arange(10.0)[:, None]
    found: Any = Surface(
        targets=(target(), ratio), error=np.array([0.1, 0.2]), held_out=np.array([0.3, 0.4])
    )
    asked: list[Any] = []

    def run(wave: int, chosen: np.ndarray) -> list[Run]:
        asked.append((wave, chosen[:, 0].tolist()))
        return [Run(p, np.array([[p[0], 1.0], [p[0] + 2.0, 3.0]])) for p in chosen]

    bench: Any = SimpleNamespace(sizes=Sizes(waves=(3, 2), checks=4), run=run)
    table = fit._check(bench, found, Chain(points, 0.5, 10.0, 500)).set_index("target")
    assert asked == [(2, [0.0, 3.0, 6.0, 9.0])]
    assert list(table.columns) == ["published", "model", "emulator", "emulator_sd", "held_out_rms"]
    slope = 0.4 * 0.6
    assert table.loc["X"].tolist() == pytest.approx([0.4, 5.5, 0.5, 0.1 * slope, 0.3 * slope])
    assert table.loc["Y"].tolist() == pytest.approx([2.0, 2.0, 5.5, 0.4, 0.8])


# What runs are runs of


def test_a_free_parameter_is_taken_out_of_what_is_asked():
    tree = {"hazard": {"level": 1, "multipliers": {"a=b": 2, "c": 3}}, "x": 5}
    for key in ("hazard.level", "hazard.multipliers.a=b", "x.y", "gone", "hazard.gone.further"):
        fit._leave_out(tree, key)
    assert tree == {"hazard": {"multipliers": {"c": 3}}}


def test_the_origin_says_how_it_was_fitted_and_whether_it_is_long_enough(monkeypatch):
    bench = Bench(monkeypatch, SIZES).bench
    said = fit._origin(bench, Chain(np.zeros((1, 2)), 0.256, 10.4, 520))
    assert said[:5] == [
        "Calibrated: T",
        "Scenario: S",
        "Fitted to: X",
        "3 + 2 runs of 4 replications of 1,234 people, seed 9",
        "Ensemble sampler: 520 steps, autocorrelation 10, acceptance 0.26",
    ]
    short = fit._origin(bench, Chain(np.zeros((1, 2)), 0.256, 10.41, 520))
    assert short[4].endswith("0.26; TOO SHORT for its autocorrelation: not converged")


def identity(scenario: Any, *, title: str = "T", prior: Belief | None = None) -> dict[str, Any]:
    free = {"key": "hazard.adult_level", "median": 0.003, "log_sd": 0.5, "reason": "a test"}
    targets = Targets(
        title=title, parameters=(free,), targets=(target(), target(id="y", fitted=False))
    )
    belief = prior or prior_of(targets, None)
    return fit._identity(scenario, targets, belief, SIZES, 9)


def test_what_calibrations_must_share_to_share_runs_is_all_that_changes_a_figure(tmp_path):
    scenario = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    first = identity(scenario)
    assert {key: first[key] for key in ("keys", "targets", "seed", "waves", "replications")} == {
        "keys": ["hazard.adult_level"],
        "targets": ["x"],
        "seed": 9,
        "waves": [3, 2],
        "replications": 4,
    }
    assert len(first["question"]) == 16
    assert json.loads(json.dumps(first)) == first
    same = scenario.change("Another title", {"hazard.adult_level": 0.004})
    assert identity(same) == first
    prior = Belief(("hazard.adult_level",), np.array([1.0]), np.array([[0.25]]))
    wider = Belief(prior.keys, np.array([math.log(0.003)]), np.array([[0.5]]))
    others = [
        identity(scenario.change("Youth", {"hazard.youth_level": 0.004})),
        identity(scenario.change("Fewer", {"cohort.rows": [{"people": 5}]})),
        identity(scenario, title="Other targets"),
        identity(scenario, prior=prior),
        identity(scenario, prior=wider),
    ]
    questions = [each["question"] for each in (first, *others)]
    assert len(set(questions)) == len(questions)


def test_where_a_table_lies_changes_no_question_but_what_is_in_it_does(tmp_path, monkeypatch):
    counts = {"cohort": {"kind": "x", "counts": {"file": "/here", "rows": 1}}}
    asked: list[Any] = []

    class Scenario:
        def model_dump(self, *, mode: str, exclude: Any) -> Any:
            asked.append((mode, exclude))
            return json.loads(json.dumps(counts))

    files = [SimpleNamespace(sha256="one")]
    monkeypatch.setattr(fit, "count_files", lambda _: files)
    first = identity(Scenario())
    assert asked[0] == ("json", fit._NOT_ASKED)
    tables = ("counts", "margins", "ethnicity")
    assert fit._NOT_ASKED["cohort"] == {name: {"file"} for name in tables}
    assert identity(Scenario()) == first
    files[0].sha256 = "other"
    assert identity(Scenario())["question"] != first["question"]


def test_a_calibration_has_a_seed_of_four_bytes_and_a_table_of_its_parameters(monkeypatch):
    chain = Chain(np.log([[0.1, 2.0], [0.2, 3.0]]), 0.5, 10.0, 500)
    seen: list[Any] = []
    monkeypatch.setattr(fit, "refuse_nobody", lambda *_: None)
    monkeypatch.setattr(fit, "refuse_changing", lambda *_: None)
    monkeypatch.setattr(fit.Cohort, "from_scenario", lambda _: [0])
    monkeypatch.setattr(fit, "prior_of", lambda *_: Belief(("a", "b"), np.zeros(2), np.eye(2)))
    monkeypatch.setattr(fit, "_identity", lambda *_: {})
    monkeypatch.setattr(fit, "_sampled", lambda bench, _: (seen.append(bench), (chain, "e"))[1])
    monkeypatch.setattr(fit, "_check", lambda *_: "checked")
    scenario: Any = SimpleNamespace(title="S", change=lambda *_: None)
    targets: Any = SimpleNamespace(title="T", fitted=(target(),), targets=(target(),))
    found = fit.calibrate(scenario, targets, workers=3)
    assert found.posterior.table.columns.tolist() == ["a", "b"]
    assert found.posterior.table.to_numpy() == pytest.approx(np.array([[0.1, 2.0], [0.2, 3.0]]))
    assert found.posterior.origin[0] == "Calibrated: T"
    assert (found.chain, found.check) == (chain, "checked")
    assert (seen[0].seed, seen[0].workers, seen[0].progress) == (1, 3, None)
    assert seen[0].sizes == Sizes()
    fit.calibrate(scenario, targets, seed=2**32 - 1)
    fit.calibrate(scenario, targets, seed=0)
    for seed in (-1, 2**32):
        with pytest.raises(InputError, match=rf"^seed: is out of range; found {seed};"):
            fit.calibrate(scenario, targets, seed=seed)
