"""`pathsim doctor` says what is there, what is missing or broken, and what to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata

import pytest

import pathsim as ps
from pathsim import theory
from pathsim.cli import checkup, known
from pathsim.cli.app import run_command_line
from pathsim.cli.checkup import Finding, is_within, requirements
from pathsim.decision.shapes.schemas import output_schema

jsonschema = pytest.importorskip("jsonschema", reason="of the extra 'dev' alone")


@pytest.fixture
def quick(monkeypatch):
    """Without a process that imports every library: all of them are fine."""
    monkeypatch.setattr(checkup, "_imported", dict)


def doctor(capsys) -> tuple[int, dict, dict[str, dict]]:
    code = run_command_line(["doctor", "--json"])
    data = json.loads(capsys.readouterr().out)
    schema = output_schema("doctor")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(data)) == []
    assert data["ok"] is (code == 0)
    return code, data, {each["name"]: each for each in data["findings"]}


def broken(tmp_path, *arguments: str, **modules: str) -> subprocess.CompletedProcess[str]:
    """Run the command with modules of these texts before the installed ones."""
    for name, text in modules.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pathsim", "doctor", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
    )


def test_where_all_is_fine_it_says_so_and_every_part_is_looked_at(capsys):
    code, data, found = doctor(capsys)
    assert code == 0
    assert [each for each in data["findings"] if each["needed"] and each["state"] != "ok"] == []
    assert list(dict.fromkeys(each["part"] for each in data["findings"])) == list(checkup.PARTS)
    assert found["numpy"]["told"] == metadata.version("numpy")
    assert found["pathsim"]["told"].startswith(metadata.version("offender-pathsim"))
    assert {"numba", "pandas", "scipy", "pydantic", "typer"} < found.keys()
    assert found.keys() > set(checkup.EXTRAS)
    assert f"matplotlib {metadata.version('matplotlib')}" in found["report"]["told"]
    assert "starlette" in found["app"]["told"]
    assert "matplotlib" in found["app"]["told"]  # of another extra, which it names
    assert "by theory" in found["self-test: share who leave a queue"]["told"]
    assert "kernels-" in found["cache"]["told"]


def test_as_a_page_it_ends_with_the_verdict(quick, capsys):
    assert run_command_line(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "all that runs need is fine"
    assert "  ok       numpy: " in "\n".join(lines)
    assert "Libraries that every run needs" in lines


def test_an_extra_that_is_missing_is_told_with_what_brings_it_and_is_no_trouble(
    quick, monkeypatch, capsys
):
    there = metadata.version

    def version(name):
        if name.lower() in ("gptables", "emcee"):
            raise metadata.PackageNotFoundError(name)
        return there(name)

    monkeypatch.setattr(metadata, "version", version)
    code, _, found = doctor(capsys)
    assert code == 0
    for extra, name in (("report", "gptables"), ("calibrate", "emcee")):
        assert found[extra]["state"] == "missing"
        assert found[extra]["told"] == f"without {name}"
        assert found[extra]["remedy"] == f"pip install 'offender-pathsim[{extra}]'"
    assert found["excel"]["state"] == "ok"


def test_a_library_outside_its_bounds_is_wrong(quick, monkeypatch, capsys):
    there = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "1.0" if name == "scipy" else there(name))
    code, _, found = doctor(capsys)
    assert code == 1
    assert found["scipy"]["state"] == "wrong"
    assert found["scipy"]["told"].startswith("1.0, needs ")
    assert "pip install --force-reinstall 'scipy" in found["scipy"]["remedy"]
    assert found["engine"]["state"] == "wrong"  # nothing is run on what is not fine


def test_an_extra_that_is_broken_is_told_and_the_rest_goes_on(tmp_path):
    done = broken(tmp_path, pyarrow="raise ImportError('no such symbol')", matplotlib="exit(3)")
    assert done.returncode == 0
    assert "wrong    parquet: pyarrow: " in done.stdout
    assert "cannot be imported: ImportError: no such symbol" in done.stdout
    assert "pip install --force-reinstall 'pyarrow" in done.stdout
    assert "wrong    report: matplotlib: " in done.stdout
    assert "cannot be imported: SystemExit: 3" in done.stdout
    assert "ok       self-test" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "all that runs need is fine"


@pytest.mark.parametrize("name", ["numpy", "numba", "pydantic", "typer"])
def test_a_library_that_is_broken_is_told_and_nothing_is_raised(tmp_path, name):
    done = broken(tmp_path, "--json", **{name: "import os\nos.abort()\n"})
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    data = json.loads(done.stdout)
    found = {each["name"]: each for each in data["findings"]}
    assert data["ok"] is False
    assert found[name]["state"] == "wrong"
    assert "it ended Python" in found[name]["told"]
    assert found[name]["remedy"].startswith(f"pip install --force-reinstall '{name}")
    assert found["engine"]["told"].startswith("not looked at")
    assert found["threads"]["state"] == "ok"


def test_an_engine_that_misses_a_known_answer_is_trouble(quick, monkeypatch, capsys):
    monkeypatch.setattr(theory, "survival", lambda *_, **__: 0.5)
    code, _, found = doctor(capsys)
    assert code == 1
    wrong = found["self-test: share who reoffend within a year"]
    assert wrong["state"] == "wrong"
    assert "0.5000 by theory" in wrong["told"]
    assert wrong["remedy"].startswith("Run no study here")
    assert found["self-test: share who leave a queue"]["state"] == "ok"


def test_the_known_answers_tell_a_small_fault_of_the_engine(monkeypatch):
    """A hazard 3% too low, or one place more, is seen."""
    assert all(each.is_met for each in known.known_answers())
    made = known._case

    def faulty(*arguments, hazard=0.0, services=None, **more):
        if services:
            tag = services["tag"] | {"capacity": 19}
            return made(*arguments, hazard=hazard, services={"tag": tag}, **more)
        return made(*arguments, hazard=0.97 * hazard, **more)

    monkeypatch.setattr(known, "_case", faulty)
    assert not any(each.is_met for each in known.known_answers())


def test_little_memory_is_trouble_and_unknown_memory_is_not(monkeypatch):
    monkeypatch.setattr("pathsim.machine.available", lambda: 100_000_000)
    little = {each.name: each for each in checkup.machine()}["memory"]
    assert little.is_trouble
    assert "100 MB free" in little.told
    assert "ulimit" in little.remedy
    monkeypatch.setattr("pathsim.machine.available", lambda: None)
    assert not any(each.is_trouble for each in checkup.machine())


def test_an_engine_that_cannot_be_kept_is_told_and_no_trouble(quick, monkeypatch):
    monkeypatch.setattr("pathsim.engine.kernels.cache.is_kept", lambda kernel: False)
    found = {each.name: each for each in checkup.engine()}["cache"]
    assert (found.state, found.needed) == ("wrong", False)
    assert "NUMBA_CACHE_DIR" in found.remedy


def test_a_part_that_fails_is_a_finding_and_the_next_part_is_looked_at(monkeypatch):
    def fails():
        raise RuntimeError("\x1b[31mno\nmore")
        yield

    def goes_on():
        yield Finding("b", "b", "ok", True, "fine")

    monkeypatch.setattr(checkup, "PARTS", {"a": fails, "b": goes_on})
    first, second = checkup.checkup()
    assert first.is_trouble
    assert first.told == "RuntimeError: \\x1b[31mno"
    assert second.state == "ok"


def test_a_store_is_looked_at_where_the_environment_names_one(tmp_path, monkeypatch):
    monkeypatch.delenv("PATHSIM_STORE", raising=False)
    (none,) = checkup.kept()
    assert (none.state, none.is_trouble) == ("ok", False)
    monkeypatch.setenv("PATHSIM_STORE", str(tmp_path))
    ps.run(ps.example(), draws=0, replications=2, store=tmp_path)
    (whole,) = checkup.kept()
    assert (whole.state, whole.told) == ("ok", f"1 chunks in {tmp_path}")
    next(tmp_path.rglob("*.parquet")).write_bytes(b"")
    (damaged,) = checkup.kept()
    assert damaged.state == "wrong"
    assert "prune --damaged" in damaged.remedy
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PATHSIM_STORE", str(tmp_path / "file"))
    (refused,) = checkup.kept()
    assert refused.is_trouble


def test_programs_that_are_missing_are_no_trouble(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert [each.state for each in checkup.programs()] == ["missing", "missing"]
    assert not any(each.is_trouble for each in checkup.programs())
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}")
    assert [each.told for each in checkup.programs()] == ["/bin/chromium", "/bin/soffice"]


@pytest.mark.parametrize(
    ("version", "bounds", "fits"),
    [
        ("2.1", ">=2.1,<3", True),
        ("2.1.0", "<3,>=2.1", True),
        ("2.0.9", ">=2.1,<3", False),
        ("3.0", "<3,>=2.1", False),
        ("3.0.0rc1", "<3,>=2.1", False),
        ("2.10", ">=2.9", True),
        ("1.0", "", True),
        ("1.0.0", "==1.0", True),
    ],
)
def test_a_version_is_held_against_its_bounds(version, bounds, fits):
    assert is_within(version, bounds) is fits


def test_the_libraries_are_those_that_the_package_names():
    plain = {each.name: each for each in requirements() if not each.extra}
    assert {"numpy", "pydantic", "tomli-w"} <= plain.keys()
    assert plain["tomli-w"].module == "tomli_w"
    assert is_within(metadata.version("numpy"), plain["numpy"].bounds)
    assert ">=" in plain["numpy"].bounds
    extras = {each.extra for each in requirements()}
    assert set(checkup.EXTRAS) | {"all", "docs", "test", "dev", ""} == extras
