"""Every command on a page is taken as it stands; the quick ones are run as they stand.

What simulates Dorset takes from a minute to half an hour. Such a command is parsed by the
command line itself, with its types and choices, its files are read, and its keys are looked up.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import typer

import pathsim as ps
from page_blocks import PAGES, ROOT, commands, saved_files
from pathsim.cli import main
from pathsim.cli.app import app

GROUP: Any = typer.main.get_command(app)
QUICK = {"validate", "scenarios", "evidence", "schema", "cohort synthesise", "cohort columns"}
"""What simulates nothing."""
EVERY = [(path, words) for path in PAGES for words in commands(path)]
OF_THE_PAGE = {
    "docs/own-people.md": {"people.csv", "offences.csv", "mapping.toml"},
    "docs/own-outcomes.md": {"people.csv", "happened.csv"},
    "docs/another-area.md": {"posterior.csv"},
}
"""Files that a page assumes the reader has, or that an earlier command writes."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def verb_of(words: list[str]) -> str:
    return " ".join(words[:2]) if words[0] in ("cohort", "docs", "store") else words[0]


@pytest.fixture(scope="module")
def people(tmp_path_factory) -> Path:
    """A table of made-up people, as somebody might bring it."""
    file = tmp_path_factory.mktemp("people") / "people.csv"
    cohort = ps.Cohort.from_scenario(ps.load("dorset/baseline"))
    cohort.synthesise(seed=7).table.to_csv(file, index=False)
    return file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def save(folder: Path, page: Path) -> None:
    for name, text in saved_files(page).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def test_pages_have_commands_and_the_quick_ones_are_among_them():
    assert len(EVERY) > 40
    assert {verb_of(words) for _, words in EVERY} >= {"compare", "decide", "validate", "evidence"}


def parsed(words: list[str]) -> dict[str, Any]:
    command, rest = GROUP.commands[words[0]], words[1:]
    if getattr(command, "commands", None):
        command, rest = command.commands[rest[0]], rest[1:]
    return dict(command.make_context(words[0], list(rest)).params)


@pytest.mark.parametrize(
    ("page", "words"), EVERY, ids=lambda x: name_of(x) if isinstance(x, Path) else " ".join(x)
)
def test_a_command_of_a_page_is_taken_as_it_stands(page, words, folder):
    save(folder, page)
    given = parsed(words)
    shipped = ps.scenarios()
    ours = OF_THE_PAGE.get(name_of(page), set())
    for option in ("scenario", "baseline", "files", "options", "option"):
        values = given.get(option) or []
        for value in [values] if isinstance(values, str | Path) else values:
            assert str(value) in shipped or (folder / value).exists(), value
            ps.load(str(value))
    for word in words:
        made = word == str(given.get("out"))
        if word.endswith((".toml", ".csv")) and not made:
            assert (folder / word).exists() or word in ours, word
    known = set(ps.load("dorset/baseline").keys())
    assert {each.partition("=")[0] for each in words if each.startswith("services.")} <= known


@pytest.mark.parametrize(
    ("page", "words"),
    [each for each in EVERY if verb_of(each[1]) in QUICK],
    ids=lambda x: name_of(x) if isinstance(x, Path) else " ".join(x),
)
def test_a_quick_command_of_a_page_runs_as_it_stands(page, words, folder, people, capsys):
    save(folder, page)
    if "people.csv" in words:
        shutil.copy(people, folder / "people.csv")
    if name_of(page) == "README.md":  # it shows what a slip is answered
        file = folder / "scenarios" / "dorset" / "my-option.toml"
        file.write_text(file.read_text(encoding="utf-8").replace("capacity", "capcity"), "utf-8")
        assert main(words) == 2
        assert "5: services.gps_tag.capcity: unknown key; did you mean 'capacity'?" in (
            capsys.readouterr().err
        )
        return
    assert main(words) == 0
    assert not capsys.readouterr().err.startswith("error")
