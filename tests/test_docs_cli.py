"""What pages say of commands is what the commands take."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from docs.cli_page import PAGE, page

from pathsim.cli import main
from pathsim.cli.app import app
from pathsim.cli.options import StudyOptions

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
GROUP: Any = typer.main.get_command(app)


def command_of(words: list[str]) -> Any:
    """Return the command that a line names, with its options."""
    command = GROUP.commands[words[0]]
    within = getattr(command, "commands", None)
    return within[words[1]] if within else command


def test_the_page_of_the_commands_is_what_they_say():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: make tables"


@pytest.mark.parametrize("name", sorted(GROUP.commands))
def test_the_help_of_a_command_names_every_option_on_the_page(name, capsys):
    command = GROUP.commands[name]
    for each in getattr(command, "commands", {name: command}).values():
        words = [name] if each is command else [name, each.name]
        assert main([*words, "--help"]) == 0
        shown = set(re.findall(r"(?<![\w-])--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        section = page().split(f"## `pathsim {' '.join(words)}")[1].split("\n## ")[0]
        assert set(re.findall(r"^\| `(--[a-z-]+)` \|", section, re.MULTILINE)) == shown


def test_every_option_in_a_line_of_a_page_is_one_of_its_command():
    lines = [
        (path.name, line)
        for path in PAGES
        if path != PAGE
        for line in re.sub(r" \\\\\n\s*", " ", path.read_text(encoding="utf-8")).splitlines()
        if re.search(r"pathsim [a-z]+ .*--[a-z]", line)
    ]
    assert len(lines) > 8
    for name, line in lines:
        for call in re.findall(r"pathsim ([a-z]+ [^`#|]*)", line):
            words = call.split()
            if words[0] not in GROUP.commands:
                continue
            known = {opt for each in command_of(words).params for opt in each.opts}
            used = set(re.findall(r"(?<![\w-])--[a-z-]+", call)) - {"--help"}
            assert used <= known, (name, line)


def test_run_and_compare_share_their_options_and_each_is_declared_once():
    shared = StudyOptions.__dataclass_fields__
    run, compare = (
        {each.name: (each.opts, each.default, each.help) for each in GROUP.commands[name].params}
        for name in ("run", "compare")
    )
    for name, field in shared.items():
        assert run[name] == compare[name]
        assert run[name][1] == field.default
    assert set(compare) - set(shared) == {
        *("baseline", "options", "unpaired", "until", "ods", "quality")
    }
    assert set(run) - set(shared) == {"scenario", "log"}
    declared = [
        ast.unparse(call)
        for path in (ROOT / "src" / "pathsim" / "cli").glob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "typer.Option"
    ]
    assert len(declared) > 20
    assert len(declared) == len(set(declared))


def test_the_old_name_of_an_option_is_taken_with_a_warning(capsys):
    arguments = ["backcast", "dorset/baseline", "dorset"]
    assert main([*arguments, "--aims", "dorst"]) == 2
    told = capsys.readouterr().err
    assert told.startswith("warning: --aims is deprecated; it is now called --targets\n")
    refusal = "error: no calibration targets of this name are shipped; did you mean 'dorset'?"
    assert refusal in told
    assert main([*arguments, "--targets", "dorst"]) == 2
    assert capsys.readouterr().err == told.split("\n", 1)[1]
    assert main([*arguments, "--targets", "dorset", "--aims", "dorset"]) == 2
    assert "--aims: is the old name of --targets, and both are given" in capsys.readouterr().err


def test_the_old_name_of_the_reference_engine_is_taken_with_a_warning(capsys):
    small = str(ROOT / "tests" / "data" / "scenarios" / "baseline.toml")
    few = ["--draws", "0", "--replications", "2"]
    assert main(["run", small, *few, "--engine", "twin", "--json"]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("warning: the engine 'twin' is now called 'reference'\n")
    assert json.loads(told.out)["run"]["engine"] == "reference"


COINED = ("fault of ours", "by turns", "escape hatch", "confess", "handed over", "the house")


def test_no_message_has_words_of_our_own_making():
    said = [
        (path.name, text.value)
        for path in (ROOT / "src" / "pathsim").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
    assert len(said) > 3000
    assert [each for each in said for word in COINED if word in each[1].lower()] == []
