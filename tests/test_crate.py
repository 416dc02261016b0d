"""A folder of results is described as an RO-Crate, from its manifest, the same to the byte."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from pathsim.cli import crated
from pathsim.cli.app import run_command_line
from pathsim.present import extras
from small_scenario import write_scenarios

rocrate = pytest.importorskip("rocrate.rocrate", reason="of the extra 'crate' alone")

PEOPLE = Path(__file__).parent / "data" / "people" / "good.csv"
FILE = "ro-crate-metadata.json"
FEW = ["--replications", "2"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a comparison of people from elsewhere, made once."""
    home = tmp_path_factory.mktemp("made")
    elsewhere = tmp_path_factory.mktemp("of-somebody") / "people.csv"
    shutil.copy(PEOPLE, elsewhere)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(write_scenarios(home))
        words = ["compare", "baseline.toml", "more.toml", *FEW, "--cohort", str(elsewhere)]
        assert run_command_line([*words, "--out", "o"]) == 0
    return home


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    """The same, for a test to spoil."""
    shutil.copytree(made, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home" / "o"


def manifest(folder) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def change(folder, **parts) -> None:
    text = json.dumps(manifest(folder) | parts)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def graph(folder) -> dict[str, dict]:
    assert run_command_line(["crate", str(folder)]) == 0
    found = json.loads((folder / FILE).read_text(encoding="utf-8"))["@graph"]
    assert len({each["@id"] for each in found}) == len(found)
    return {each["@id"]: each for each in found}


def refused(folder, capsys) -> str:
    there = folder.exists() and sorted(folder.iterdir())
    capsys.readouterr()
    assert run_command_line(["crate", str(folder)]) == 2
    assert (folder.exists() and sorted(folder.iterdir())) == there
    return capsys.readouterr().err


def test_the_root_says_what_it_is_and_when_it_was_made(folder):
    found, told = graph(folder), manifest(folder)
    root = found["./"]
    assert root["@type"] == "Dataset"
    assert root["name"] == "Results of pathsim compare"
    assert f"pathsim {told['versions']['pathsim']}" in root["description"]
    assert root["datePublished"] == told["finished"]
    assert "license" not in root  # nobody said under which
    assert root["conformsTo"] == {"@id": "https://w3id.org/ro/wfrun/process/0.5"}
    assert found[FILE]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert found[FILE]["about"] == {"@id": "./"}
    context = json.loads((folder / FILE).read_text(encoding="utf-8"))["@context"]
    assert context == ["https://w3id.org/ro/crate/1.1/context", {"sha256": crated.SHA256_TERM}]


def test_every_file_that_lies_there_is_a_part_with_its_format_size_and_hash(folder):
    found = graph(folder)
    there = {path.name: path for path in folder.iterdir() if path.name != FILE}
    assert {"manifest.json", "results.json", "summary.csv"} <= there.keys()
    assert {each["@id"] for each in found["./"]["hasPart"]} == there.keys()
    for name, path in there.items():
        assert found[name]["@type"] == "File"
        assert found[name]["contentSize"] == str(path.stat().st_size)
        assert found[name]["sha256"] == sha256(path.read_bytes()).hexdigest()
    assert found["summary.csv"]["encodingFormat"] == "text/csv"
    assert found["results.json"]["encodingFormat"] == "application/json"


def test_the_run_leads_from_inputs_by_pathsim_to_outputs(folder):
    found, told = graph(folder), manifest(folder)
    run = found["#run"]
    assert found["./"]["mentions"] == [{"@id": "#run"}]
    assert run["@type"] == "CreateAction"
    assert run["description"] == " ".join(["pathsim", *told["command"]])
    assert [each["@id"] for each in run["result"]] == [each["file"] for each in told["outputs"]]
    inputs = [found[each["@id"]] for each in run["object"]]
    assert [(each["@type"], each["name"], each["sha256"]) for each in inputs] == [
        ("File", each["path"], each["sha256"]) for each in told["inputs"]
    ]
    program = found[run["instrument"]["@id"]]
    assert program["@type"] == "SoftwareApplication"
    assert program["softwareVersion"] == told["versions"]["pathsim"]
    assert program["sha256"] == told["source"]["sha256"]
    begun, finished = (datetime.fromisoformat(run[key]) for key in ("startTime", "endTime"))
    assert finished == datetime.fromisoformat(told["finished"])
    assert 0 <= (finished - begun).total_seconds() - told["wall_seconds"] < 1


def test_it_is_the_same_to_the_byte_each_time_and_wherever_the_folder_lies(folder, monkeypatch):
    graph(folder)
    first = (folder / FILE).read_bytes()
    graph(folder)
    assert (folder / FILE).read_bytes() == first
    other = folder.parent / "moved" / "further"
    shutil.copytree(folder, other)
    monkeypatch.chdir(other)
    assert run_command_line(["crate", "."]) == 0
    assert (other / FILE).read_bytes() == first


def test_no_other_file_is_changed_and_none_is_left_aside(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    graph(folder)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert after.keys() - before.keys() == {FILE}
    assert {name: after[name] for name in before} == before


def test_nothing_of_people_and_no_private_folder_is_told(folder, made):
    found = graph(folder)
    text = (folder / FILE).read_text(encoding="utf-8")
    people = next(each for each in found.values() if each.get("name") == "people.csv")
    assert people["sha256"] == sha256(PEOPLE.read_bytes()).hexdigest()
    lines = [line for line in PEOPLE.read_text(encoding="utf-8").splitlines() if line]
    assert len(lines) > 2
    assert [line for line in lines if line in text] == []
    for private in (made, folder, Path.home()):
        assert str(private) not in text
    assert "of-somebody" not in text


def test_the_library_reads_it_back(folder):
    graph(folder)
    back = rocrate.ROCrate(folder)
    assert back.version == "1.1"
    assert back.name == "Results of pathsim compare"
    assert {each.id for each in back.data_entities} == {
        path.name for path in folder.iterdir() if path.name != FILE
    }
    run = back.get("#run")
    assert run["instrument"]["name"] == "pathsim"
    assert [each["name"] for each in run["object"]] == [
        each["path"] for each in manifest(folder)["inputs"]
    ]
    assert all(each.type == "File" for each in run["result"])


def test_a_folder_without_a_manifest_is_refused(folder, tmp_path, capsys):
    (folder / "manifest.json").unlink()
    assert "has no manifest.json" in refused(folder, capsys)
    assert "is not there" in refused(tmp_path / "nowhere", capsys)
    assert "is a file, not a folder" in _of_a_file(folder / "summary.csv", capsys)


def _of_a_file(file, capsys) -> str:
    assert run_command_line(["crate", str(file)]) == 2
    return capsys.readouterr().err


def test_an_output_that_is_missing_or_another_is_refused_and_both_are_told(folder, capsys):
    (folder / "summary.csv").unlink()
    with (folder / "results.json").open("a", encoding="utf-8") as stream:
        stream.write(" ")
    said = refused(folder, capsys)
    assert "summary.csv: is not there" in said
    assert "results.json: is another file than the command wrote" in said
    was = next(each for each in manifest(folder)["outputs"] if each["file"] == "results.json")
    assert was["sha256"][:12] in said
    assert sha256((folder / "results.json").read_bytes()).hexdigest()[:12] in said


@pytest.mark.parametrize(
    "parts",
    [
        {"finished": "yesterday"},
        {"finished": "2026-01-01T00:00:00"},
        {"wall_seconds": -5.0},
        {"wall_seconds": 1e300},
        {"versions": {}},
    ],
    ids=str,
)
def test_a_manifest_that_does_not_say_when_or_by_what_is_refused(folder, capsys, parts):
    change(folder, **parts)
    assert "manifest.json" in refused(folder, capsys)


@pytest.mark.parametrize("name", [FILE, "manifest.json", "n" * 300], ids=lambda name: name[:13])
def test_an_output_that_cannot_be_one_is_refused(folder, capsys, name):
    outputs = manifest(folder)["outputs"]
    change(folder, outputs=[*outputs, outputs[0] | {"file": name}])
    assert "cannot be the name of an output" in refused(folder, capsys)


def test_an_output_with_an_odd_name_is_told_as_an_address(folder):
    (folder / "a b#c.csv").write_text("x\n", encoding="utf-8")
    more = {"file": "a b#c.csv", "sha256": sha256(b"x\n").hexdigest(), "bytes": 2}
    change(folder, outputs=[*manifest(folder)["outputs"], more])
    assert graph(folder)["a%20b%23c.csv"]["name"] == "a b#c.csv"
    assert rocrate.ROCrate(folder).get("a%20b%23c.csv").type == "File"


def test_without_the_library_it_says_what_to_install(folder, capsys, monkeypatch):
    there = extras.find_spec
    monkeypatch.setattr(
        extras, "find_spec", lambda name: None if name == "rocrate" else there(name)
    )
    said = refused(folder, capsys)
    assert f"{FILE} needs rocrate" in said
    assert "pip install 'offender-pathsim[crate]'" in said
