"""One table of marked people through everything: no mark is in a file, a store, a log or a word.

Marked are the ids, a column of notes that no one needs, dates, and figures that one person alone
has; and the broken cells of tables that are refused.
"""

from __future__ import annotations

import io
import json
import logging
import re
import warnings
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import pathsim as ps
from app_pages import HOST, MHTR, client, sharpened, states_of, written
from made_people import CANARY, made_outcomes, made_table
from mapped_files import drafted
from pathsim.cli.app import run_command_line
from pathsim.errors import InputError, InputWarning
from small_scenario import BASELINE, MORE, write_scenarios

PEOPLE = 40
NOTE = "n0te-of-a-person"
BROKEN = "br0ken-cell"
LOG = "events.csv"
MARKS = re.compile(
    rf"{CANARY}|{NOTE}|{BROKEN}|\b[1-9]\d\.173519\b|\b[1-9]\d173519\b|19\d\d-07-13|13.07.19\d\d"
)
FEW = ["--draws", "0", "--replications", "2", "--workers", "1"]
DOUBT = ["--draws", "32", "--replications", "2", "--workers", "1"]


def marked_table() -> pd.DataFrame:
    """Return people of whom each has a figure that nobody else has."""
    table = made_table(PEOPLE)
    table["risk_two_year_percent"] = [f"{20 + k}.173519" for k in range(PEOPLE)]
    return table


def mapped_table() -> pd.DataFrame:
    """Return the same people as an office has them, with dates and notes, to be mapped."""
    table = marked_table()
    return pd.DataFrame(
        {
            "Ref": table["id"],
            "Born": [f"19{60 + k}-07-13" for k in range(PEOPLE)],
            "Sentenced": "2021-05-04",
            "Sex": table["sex"].str[:1].str.upper(),
            "Offence": table["offence_group"],
            "Priors": table["previous_offences"],
            "Disposal": table["disposal"],
            "Sentence Months": (table["sentence_days"] / 30).round(),
            "Risk two year": table["risk_two_year_percent"],
            "Note": [f"{NOTE} {k}" for k in range(PEOPLE)],
        }
    )


def marks_in(content: bytes, name: str = "") -> list[str]:
    """Return the marks in a file, also inside one that is packed."""
    if name.endswith(".parquet"):
        rows = pd.read_parquet(io.BytesIO(content)).to_dict("list")
        content += repr(rows).encode()
    if name.endswith((".xlsx", ".ods")):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"\n".join(map(parts.read, parts.namelist()))
    return sorted(set(MARKS.findall(content.decode("utf-8", "replace"))))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder with scenarios, and people under `given`, which alone may hold marks."""
    monkeypatch.chdir(write_scenarios(tmp_path))
    given = tmp_path / "given"
    given.mkdir()
    marked_table().to_csv(given / "people.csv", index=False)
    mapped_table().to_csv(given / "office.csv", index=False)
    made_outcomes(made_table(PEOPLE)).to_csv(given / "happened.csv", index=False)
    _, _, rest = BASELINE.partition("[follow_up]")
    head = BASELINE.partition("[cohort]")[0]
    table = '[cohort]\nkind = "table"\nfile = "given/people.csv"\n'
    (tmp_path / "of-these.toml").write_text(f"{head}{table}[follow_up]{rest}", encoding="utf-8")
    more = MORE.replace("baseline.toml", "of-these.toml")
    (tmp_path / "more-of-these.toml").write_text(more, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        answers = {"if_unknown": '"missing"', "for_all": '"fine"'}
        drafted(given, given / "office.csv", answers)
        yield tmp_path


def written_since(home: Path) -> list[Path]:
    return sorted(
        path
        for path in home.rglob("*")
        if path.is_file() and path.parent.name != "given" and path.parent != home
    )


def refuse_marks(home: Path, said: str, logged: str) -> int:
    """Fail on a mark; return in how many files none was found."""
    assert not MARKS.findall(said), MARKS.search(said)
    assert not MARKS.findall(logged)
    files = written_since(home)
    for file in files:
        # A log of events tells them person by person, as its help says.
        known = [CANARY] if file.name == LOG else []
        assert marks_in(file.read_bytes(), file.name) == known, file
    return len(files)


def test_the_marks_are_found_where_they_are(home):
    for name in ("people.csv", "office.csv", "happened.csv"):
        found = marks_in((home / "given" / name).read_bytes())
        assert len(found) >= PEOPLE / 2 or CANARY in found, name
    table = pd.read_csv(home / "given/office.csv")
    for write in (table.to_parquet, table.to_excel):
        file = home / ("t.parquet" if write == table.to_parquet else "t.xlsx")
        write(file, index=False)
        found = marks_in(file.read_bytes(), file.name)
        assert {CANARY, NOTE, "20.173519"} <= set(found), file


COMMANDS = (
    ["run", "baseline.toml", "--cohort", "given/people.csv", *FEW,
     "--out", "a/run", "--log", f"a/{LOG}", "--store", "a/kept"],
    ["run", "baseline.toml", "--cohort", "given/office.csv", "--mapping", "given/mapping.toml",
     *FEW, "--json"],
    ["compare", "baseline.toml", "more.toml", "--cohort", "given/office.csv",
     "--mapping", "given/mapping.toml", *DOUBT, "--quality", "--store", "a/kept",
     "--out", "a/compare"],
    ["decide", "of-these.toml", "more-of-these.toml", *DOUBT, "--json",
     "--store", "a/kept"],
    ["explain", "of-these.toml", "more-of-these.toml", *FEW[2:]],
    ["cohort", "check", "given/people.csv", "--scenario", "baseline.toml"],
    ["cohort", "check", "given/people.csv", "--json"],
    ["cohort", "check", "given/office.csv", "--mapping", "given/mapping.toml"],
    ["cohort", "check", "given/office.csv", "--mapping", "given/mapping.toml", "--json"],
    ["cohort", "draft", "given/office.csv", "--out", "a/draft.toml"],
    ["cohort", "draft", "given/office.csv", "--json"],
    ["cohort", "validate", "baseline.toml", "given/people.csv", "--observed",
     "given/happened.csv", "--replications", "2", "--out", "a/valid"],
    ["store", "list", "--store", "a/kept", "--json"],
    ["rerun", "a/compare", "--out", "a/again", "--input", "given/office.csv", "--input",
     "given/mapping.toml"],
    ["crate", "a/compare"],
)  # fmt: skip


def test_no_command_tells_anybody(home, capfd, caplog):
    (home / "a").mkdir()
    caplog.set_level(logging.DEBUG, logger="pathsim")
    for words in COMMANDS:
        code = run_command_line(list(words))
        told = capfd.readouterr()
        said = told.out + told.err
        assert code == 0, (words, said)
        assert said, words
        refuse_marks(home, said, caplog.text)
    names = {file.name for file in written_since(home)}
    assert names >= {"results.json", "report.html", "workbook.xlsx", "summary.csv", "manifest.json"}
    assert names >= {LOG, "quality.md", "draft.toml", "validation.json"}
    assert len([name for name in names if name.endswith(".parquet")]) > 4


def test_no_result_that_is_saved_holds_anybody(home):
    (home / "a").mkdir()
    people = ps.Cohort.from_csv("given/people.csv")
    run = ps.run(ps.load("baseline.toml"), cohort=people, draws=0, replications=2)
    run.save("a/run.json")
    told = repr(run) + run._repr_html_() + str(people) + json.dumps(run.to_dict(), default=str)
    assert refuse_marks(home, told, "") == 1


COLUMNS = (
    *("id", "age", "sex", "ethnicity", "offence_group", "previous_offences", "disposal"),
    *("sentence_days", "risk_two_year_percent", "domestic_abuse"),
)


@pytest.mark.parametrize("column", COLUMNS)
def test_no_refusal_tells_a_cell(home, capfd, caplog, column):
    caplog.set_level(logging.DEBUG, logger="pathsim")
    table = marked_table().astype(object)
    cell = "" if column == "id" else BROKEN
    table.loc[3, column] = cell
    table.loc[5, column] = table.loc[6, "id"] if column == "id" else f"{BROKEN} 2"
    table.to_csv("given/bad.csv", index=False)
    for words in (
        ["cohort", "check", "given/bad.csv"],
        ["cohort", "check", "given/bad.csv", "--json"],
        ["run", "baseline.toml", "--cohort", "given/bad.csv", *FEW, "--out", "a"],
    ):
        assert run_command_line(words) == 2, words
        told = capfd.readouterr()
        assert column in told.out + told.err
        refuse_marks(home, told.out + told.err, caplog.text)
    assert written_since(home) == []


@pytest.mark.parametrize("column", ["Born", "Sentenced", "Sex", "Priors", "Sentence Months", "Ref"])
def test_no_refusal_by_a_mapping_tells_a_cell(home, column):
    table = mapped_table().astype(object)
    table.loc[3, column] = "" if column == "Ref" else BROKEN
    table.loc[5, column] = table.loc[6, "Ref"] if column == "Ref" else f"{BROKEN} 2"
    table.to_csv("given/bad.csv", index=False)
    with pytest.raises(InputError) as refused:
        ps.Cohort.from_file("given/bad.csv", mapping="given/mapping.toml")
    refuse_marks(home, f"{refused.value}\n{refused.value.problems!r}", "")


def test_the_app_tells_nobody_and_keeps_no_file(home, monkeypatch, capfd, caplog):
    caplog.set_level(logging.DEBUG, logger="pathsim")
    aside = home / "a"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    (home / "app").mkdir()
    file = written(home / "app")
    before = {path.name for path in (home / "app").iterdir()}
    headers, data = {"Origin": HOST}, {"address": f"{MHTR}=0.5"}
    pages = []
    with client(file) as asks:
        for name, good in (("people.csv", True), ("bad.csv", False)):
            table = marked_table().astype(object)
            if not good:
                table.loc[3, "age"] = BROKEN
            files = {"table": (name, table.to_csv(index=False).encode())}
            found = asks.post("/people", data=data, files=files, headers=headers)
            assert found.status_code == (303 if good else 422), found.text
            pages.append(found.text + str(dict(found.headers)))
            if good:
                query = found.headers["location"].removeprefix("/?")
        estimate = sharpened(asks, query, states=4).text
        pages += [estimate, asks.get(f"/?{query}").text]
        names = set(re.findall(r"/download/([\w.-]+)\?", estimate))
        assert names >= {"results.json"}
        for each in sorted(names):
            found = asks.get(f"/download/{each}?{query}&draws={states_of(estimate)}")
            assert found.status_code == 200, each
            assert marks_in(found.content, each) == [], each
    told = capfd.readouterr()
    refuse_marks(home, "".join([*pages, told.out, told.err]), caplog.text)
    assert [path for path in aside.rglob("*") if path.is_file()] == []
    assert {path.name for path in (home / "app").iterdir()} == before
