"""No command writes over what it reads, and a draft over nothing."""

from __future__ import annotations

import pytest

from pathsim.cli.app import run_command_line
from pathsim.cli.guard import refuse_overwriting
from pathsim.errors import InputError

PEOPLE = "id,age,sex,offence_group,previous_offences,disposal\n" + "".join(
    f"{k},{20 + k % 40},male,theft,{k % 5},fine\n" for k in range(220)
)


@pytest.mark.parametrize(
    "verb",
    [
        ["cohort", "synthesise", "{people}", "--out", "{people}"],
        ["run", "dorset/baseline", "--cohort", "{people}", "--log", "{people}"],
        ["calibrate", "dorset/baseline", "--to", "{people}", "--out", "{people}"],
        ["calibrate", "dorset/baseline", "--prior-from", "{people}", "--out", "{people}"],
        ["compare", "dorset/baseline", "{people}", "--out", "{people}"],
    ],
)
def test_a_file_that_is_read_is_not_written_over(tmp_path, capsys, verb):
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    assert run_command_line([each.format(people=file) for each in verb]) == 2
    told = capsys.readouterr().err
    assert "is a file that is read" in told
    assert "Traceback" not in told
    assert file.read_text(encoding="utf-8") == PEOPLE


def test_the_same_file_by_another_path_is_the_same(tmp_path):
    file, other = tmp_path / "people.csv", tmp_path / "link.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    other.symlink_to(file)
    with pytest.raises(InputError, match=r"--out: is a file that is read \(cohort\)"):
        refuse_overwriting({"out": other, "cohort": file})
    refuse_overwriting({"out": tmp_path / "new.csv", "cohort": file, "options": [file]})


def test_a_draft_takes_the_place_of_nothing(tmp_path, capsys):
    file, mapping = tmp_path / "people.csv", tmp_path / "mapping.toml"
    file.write_text(PEOPLE, encoding="utf-8")
    verb = ["cohort", "draft", str(file), "--out", str(mapping)]
    assert run_command_line(verb) == 0
    answered = mapping.read_text(encoding="utf-8").replace('"?"', '"missing"')
    mapping.write_text(answered, encoding="utf-8")
    assert run_command_line(verb) == 2
    assert "--out: is there already" in capsys.readouterr().err
    assert mapping.read_text(encoding="utf-8") == answered
