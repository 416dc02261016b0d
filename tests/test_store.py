"""What is simulated is kept in a store, and what is kept is never wrong."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import killed_decisions
import pathsim as ps
from pathsim.errors import EngineError, InputError, InputWarning
from pathsim.study import chunks
from pathsim.study.store import Store, folder
from pathsim.study.store.digest import digest
from pathsim.study.store.keeping import damaged, prune, studies

DRAWS, REPLICATIONS = 8, 2


@pytest.fixture(scope="module", autouse=True)
def _small_chunks():
    """Chunks of two states, as a town is small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pathsim.study.chunks._PEOPLE_IN_A_CHUNK", 5_000)
        yield


@pytest.fixture(scope="module")
def town():
    return ps.example()


def told(result):
    return result.table().to_csv()


def run(scenario, **how):
    return told(ps.run(scenario, draws=DRAWS, replications=REPLICATIONS, workers=2, **how))


@pytest.fixture(scope="module")
def plain(town):
    return run(town)


@pytest.fixture(scope="module")
def whole(town, tmp_path_factory):
    """A store with the runs of a town."""
    place = tmp_path_factory.mktemp("store")
    run(town, store=place)
    return place


@pytest.fixture
def store(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "store")
    return Store(tmp_path / "store")


@pytest.fixture
def simulations(monkeypatch):
    """How many replications are simulated, pilots and all."""
    counted, lock = [], threading.Lock()
    real = chunks.simulate

    def simulate(*args, **kwargs):
        with lock:
            counted.append(kwargs["replication"])
        return real(*args, **kwargs)

    monkeypatch.setattr("pathsim.study.chunks.simulate", simulate)
    monkeypatch.setattr("pathsim.study.pilots.simulate", simulate)
    return counted


def files(place, ending=""):
    return sorted(path for path in Path(place).rglob(f"*{ending}") if path.is_file())


def contents(place):
    return {path.relative_to(place): path.read_bytes() for path in files(place)}


def test_a_store_changes_no_bit_and_nothing_is_simulated_twice(town, plain, tmp_path, simulations):
    assert run(town, store=tmp_path) == plain
    assert simulations
    simulations.clear()
    assert run(town, store=tmp_path) == plain
    assert simulations == []


def test_twice_as_many_states_use_what_is_there(town, store, simulations):
    ps.run(town, draws=2 * DRAWS, replications=REPLICATIONS, store=store.folder)
    many = DRAWS * REPLICATIONS
    assert sorted(simulations) == list(range(many, 2 * many))


@pytest.mark.parametrize(
    "other",
    [
        lambda town: ({"seed": 2}, town),
        lambda town: ({"engine": "reference"}, town),
        lambda town: ({}, town.change("More", {"services.mentor.capacity": 13})),
        lambda town: ({"cohort": ps.Cohort.from_scenario(town).frame.iloc[:-1]}, town),
    ],
    ids=["seed", "engine", "capacity", "people"],
)
def test_what_differs_is_made_anew(town, store, simulations, other):
    how, scenario = other(town)
    before = contents(store.folder)
    ps.run(scenario, draws=0, replications=3, store=store.folder, **how)
    assert len(simulations) == 3
    assert contents(store.folder).items() >= before.items()


def test_another_source_of_pathsim_is_another_chunk(town, store, simulations, monkeypatch):
    monkeypatch.setattr("pathsim.study.store.recipe.source", lambda: "0" * 64)
    run(town, store=store.folder)
    assert simulations


def test_own_outcomes_are_not_kept_since_no_hash_tells_functions_apart(town, tmp_path):
    def events(log):
        return float(len(log))

    ps.run(town, draws=0, replications=2, store=tmp_path, outcomes=[events])
    assert files(tmp_path) == []


def test_every_flipped_byte_of_a_chunk_is_seen(store):
    path = files(store.folder, ".parquet")[0]
    right = path.read_bytes()
    rng = np.random.default_rng(1)
    places = {0, len(right) - 1, *rng.integers(len(right), size=300).tolist()}
    for place in places:
        wrong = bytearray(right)
        wrong[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(wrong)
        assert [each.path for each in damaged(store)] == [path], place
    path.write_bytes(right)
    assert damaged(store) == []


def test_every_flipped_byte_of_what_is_known_of_a_chunk_is_seen(store):
    path = files(store.folder, ".json")[0]
    right = path.read_bytes()
    blank = {place for place, byte in enumerate(right) if chr(byte).isspace()}
    for place in sorted(set(range(len(right))) - blank):
        wrong = bytearray(right)
        wrong[place] ^= 4
        path.write_bytes(wrong)
        found = damaged(store)
        assert [each.path.stem for each in found] == [path.stem], place


@pytest.mark.parametrize("part", [0, 10, -1])
def test_a_cut_chunk_is_said_and_made_anew(town, plain, store, part):
    path = files(store.folder, ".parquet")[0]
    right = path.read_bytes()
    path.write_bytes(right[:part])
    with pytest.warns(InputWarning, match="is not what was written; it is simulated anew"):
        assert run(town, store=store.folder) == plain
    assert path.read_bytes() == right


def test_a_chunk_under_another_name_is_not_used(town, plain, store):
    first, second, *_rest = files(store.folder, ".parquet")
    shutil.copy(first, second)
    shutil.copy(first.with_suffix(".json"), second.with_suffix(".json"))
    with pytest.warns(InputWarning, match="is not what was written"):
        assert run(town, store=store.folder) == plain


def test_a_chunk_counts_only_once_it_is_finished(town, plain, store, simulations):
    files(store.folder, ".json")[0].unlink()
    assert run(town, store=store.folder) == plain
    assert simulations


def test_a_full_disk_is_said_and_what_is_there_stays_whole(town, store, monkeypatch):
    before = contents(store.folder)

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folder.os, "fsync", full)
    with pytest.raises(InputError, match="No space left on device; what is in the store is whole"):
        ps.run(town, draws=0, replications=2, store=store.folder)
    assert contents(store.folder) == before


@pytest.mark.parametrize("place", ["", "."])
def test_a_store_has_a_folder_of_its_own(town, place):
    with pytest.raises(InputError, match="is no folder of a store"):
        ps.run(town, draws=0, replications=2, store=place)


def test_a_file_is_no_store(town, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(InputError, match="is a file, not a folder"):
        ps.run(town, draws=0, replications=2, store=file)


def test_two_processes_share_a_store(town, plain, tmp_path):
    code = (
        "import sys, pathsim as ps\n"
        f"ps.run(ps.example(), draws={DRAWS}, replications={REPLICATIONS}, store=sys.argv[1])"
    )
    together = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [each.wait() for each in together] == [0, 0]
    for each in together:
        each.stderr.close()
    assert damaged(Store(tmp_path)) == []
    assert run(town, store=tmp_path) == plain


def test_a_decision_that_is_killed_goes_on_and_makes_nothing_twice(tmp_path):
    assert killed_decisions.many(tmp_path, kills=2, seed=3) >= 0


def test_no_file_says_who_the_people_are(town, tmp_path):
    people = ps.Cohort.from_scenario(town).frame.copy()
    people["id"] = [f"MARKED-{number}" for number in range(len(people))]
    ps.run(town, draws=0, replications=2, cohort=people, store=tmp_path)
    assert files(tmp_path)
    for path, content in contents(tmp_path).items():
        assert b"MARKED" not in content
        assert "MARKED" not in str(path)


def test_studies_are_listed_by_scenario(town, store):
    (study,) = studies(store)
    assert (study.title, study.seed, study.current) == (town.title, 1, True)
    assert study.replications == DRAWS * REPLICATIONS
    assert study.size == sum(len(each.read_bytes()) for each in files(store.folder, ".parquet"))


def test_pruning_removes_what_is_asked_for(town, plain, store, monkeypatch):
    kept = contents(store.folder)
    assert prune(store, older_than_days=1.0).chunks == 0
    assert prune(store, other_source=True).chunks == 0
    assert prune(store, older_than_days=0.0, dry=True).chunks == len(kept) / 2
    assert contents(store.folder) == kept
    files(store.folder, ".parquet")[0].write_bytes(b"")
    assert prune(store, broken=True).chunks == 1
    assert len(contents(store.folder)) == len(kept) - 2
    monkeypatch.setattr("pathsim.study.store.keeping.source", lambda: "another")
    assert prune(store, other_source=True).chunks == len(kept) / 2 - 1
    assert files(store.folder) == []
    assert run(town, store=store.folder) == plain


def test_the_files_are_plain_parquet_a_row_a_replication(store):
    dataset = pytest.importorskip("pyarrow.dataset")
    runs = [
        path
        for path in files(store.folder, ".parquet")
        if json.loads(path.with_suffix(".json").read_text())["made_from"]["what"] == "runs"
    ]
    table = dataset.dataset(runs, format="parquet").to_table(columns=["number", "events"])
    assert sorted(table["number"].to_pylist()) == list(range(DRAWS * REPLICATIONS))


def test_a_digest_tells_values_apart_and_not_where_they_are_in_memory():
    frame = pd.DataFrame({"a": [1.0, np.nan], "b": pd.Categorical(["x", "y"])})
    values = [
        *(None, 0, 0.0, -0.0, "", "0", b"0", True, [], [[]], ["a", "b"], ["ab"], {"a": 1}),
        *(np.zeros(2), np.zeros((2, 1)), np.zeros(2, np.float32), np.array(["a", None], object)),
        *(frame, frame.iloc[:1], frame.rename(columns={"a": "c"})),
        frame.assign(b=pd.Categorical(["x", "y"], categories=["y", "x"])),
    ]
    assert len({digest(value) for value in values}) == len(values)
    records = np.zeros(2, np.dtype([("a", "i1"), ("b", "f8")], align=True))
    other = np.full(records.nbytes, 255, np.uint8).view(records.dtype)
    other["a"], other["b"] = 0, 0.0
    assert records.tobytes() != other.tobytes()
    assert digest(records) == digest(other)
    assert digest(np.arange(6).reshape(2, 3).T) == digest(np.arange(6).reshape(2, 3).T.copy())


def test_a_digest_leaves_nothing_out():
    with pytest.raises(EngineError, match="no hash is known of a object"):
        digest([object()])
