"""Drafts, checks and runs with a mapping from the shell."""

from __future__ import annotations

import json

import pytest

from mapped_files import answered, write
from pathsim.cli import main
from pathsim.people import Cohort
from small_scenario import write_scenarios

PEOPLE = "Ref,Age,Sex,Offence,Priors,Disposal,Sentence Length\n" + "".join(
    f"p{i},{20 + i},{'MF'[i % 2]},theft,{i % 5},custody,{6 + i % 7}\n" for i in range(40)
)
FAST = ["--draws", "0", "--replications", "2"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    write(tmp_path, PEOPLE)
    return tmp_path


def test_a_draft_is_printed_or_written_and_says_how_many_questions_are_open(folder, capsys):
    assert main(["cohort", "draft", "people.csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out == Cohort.draft("people.csv").text
    assert printed.err == "2 questions to answer\n"
    assert main(["cohort", "draft", "people.csv", "--out", "mapping.toml"]) == 0
    assert capsys.readouterr().err == "written: mapping.toml; 2 questions to answer\n"
    assert (folder / "mapping.toml").read_text() == printed.out


def test_a_draft_in_json_has_the_guesses_as_data(folder, capsys):
    assert main(["cohort", "draft", "people.csv", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    guesses = {each["key"]: each for each in found["guesses"]}
    assert guesses["columns.age"]["columns"] == ["Age"]
    assert guesses["columns.age"]["certainty"] == "certain"
    asked = [each["key"] for each in found["questions"]]
    assert asked == ["columns.sentence_days.unit", "needs.if_unknown"]


def drafted(folder, capsys):
    assert main(["cohort", "draft", "people.csv", "--out", "mapping.toml"]) == 0
    text = (folder / "mapping.toml").read_text()
    write(folder, answered(text, {"unit": '"months"', "if_unknown": '"draw"'}), "mapping.toml")
    capsys.readouterr()
    return ["--mapping", "mapping.toml"]


def test_a_draft_with_open_questions_is_refused_with_all_of_them(folder, capsys):
    assert main(["cohort", "draft", "people.csv", "--out", "mapping.toml"]) == 0
    capsys.readouterr()
    assert main(["cohort", "check", "people.csv", "--mapping", "mapping.toml"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["error"] * 2
    assert all(": is a question of the draft: answer it; allowed: " in line for line in told)


def test_a_column_that_is_called_months_alone_is_asked_about(folder):
    file = write(folder, PEOPLE.replace("Sentence Length", "Months"))
    assert "columns.sentence_days.from" in Cohort.draft(file).questions


def test_check_says_what_was_read_as_what(folder, capsys):
    mapping = drafted(folder, capsys)
    with_scenario = ["cohort", "check", "people.csv", *mapping, "--scenario", "baseline.toml"]
    assert main(with_scenario) == 0
    printed = capsys.readouterr().out
    assert "  read: sentence_days: from the column 'Sentence Length'; months as days" in printed
    assert "  drawn: need_health: 40\n" in printed
    assert printed.endswith("people.csv: ok; 40 people\n")
    assert main([*with_scenario, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"]
    assert report["people"] == 40
    assert report["drawn"]["need_health"] == 40


def test_check_in_json_has_the_faults_by_kind_and_leaves_with_2(folder, capsys):
    mapping = drafted(folder, capsys)
    write(folder, PEOPLE.replace(",20,", ",old,").replace(",21,", ",130,"))
    arguments = ["cohort", "check", "people.csv", *mapping, "--scenario", "baseline.toml"]
    assert main([*arguments, "--json"]) == 2
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [each["message"].split(" in 1 row")[0] for each in faults] == [
        "must be a whole number",
        "is out of range",
    ]
    assert main(["cohort", "check", "people.csv"]) == 2  # without the mapping, as ever


def test_people_are_run_and_compared_with_their_mapping(folder, capsys):
    people = ["--cohort", "people.csv", *drafted(folder, capsys)]
    assert main(["run", "baseline.toml", *people, *FAST, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["run"]["people"] == 40
    read = {each["of"]: each["path"] for each in result["run"]["inputs"]}
    assert read["people"] == "people.csv"
    assert read["beside people"] == "mapping.toml"
    assert main(["compare", "baseline.toml", "more.toml", *people, *FAST, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["run"]["people"] == 40


def test_a_mapping_without_people_is_refused(folder, capsys):
    assert main(["run", "baseline.toml", "--mapping", "mapping.toml"]) == 2
    assert "--mapping: says what a table's columns mean" in capsys.readouterr().err


def test_nothing_is_written_of_a_file_that_cannot_be_drafted(folder, capsys):
    write(folder, "a,30\nb,31\n")
    assert main(["cohort", "draft", "people.csv", "--out", "mapping.toml"]) == 2
    assert not (folder / "mapping.toml").exists()
    assert "no row looks like a header" in capsys.readouterr().err


def test_check_in_json_needs_no_mapping(folder, capsys):
    plain = "id,age,sex,offence_group,previous_offences,disposal\n1,30,M,theft,2,fine\n"
    write(folder, plain + "2,95,female,theft,2,fine\n", "plain.csv")
    assert main(["cohort", "check", "plain.csv", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["people"] == 2
    assert report["assumed"]["ethnicity"] == 2
    assert any(each.startswith("age: 1 person of 90 or more") for each in report["odd"])


def test_a_table_of_other_columns_gets_a_hint_to_draft_a_mapping(folder, capsys):
    for command in (["cohort", "check"], ["run", "baseline.toml", "--cohort"]):
        assert main([*command, "people.csv"]) == 2
        told = capsys.readouterr().err
        assert "hint: pathsim cohort draft people.csv --out mapping.toml" in told


def test_a_mapping_is_no_scenario(tmp_path, capsys):
    file = write(tmp_path, 'columns.id.from = "Ref"\n', "mapping.toml")
    assert main(["validate", str(file)]) == 2
    told = capsys.readouterr().err
    assert "mapping.toml:1: columns: belongs to a mapping of a table of people" in told
