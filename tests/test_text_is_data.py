"""Text from files is data: no terminal obeys it and no spreadsheet computes it."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest

from pathsim.cli import main
from pathsim.cli.files import write_results
from pathsim.present.output import Outbox
from pathsim.present.report import report_html
from pathsim.scenario.evidence.register import as_csv
from pathsim.scenario.evidence.report import report
from pathsim.spreadsheet import for_spreadsheets
from pathsim.study.calibration import Posterior
from pathsim.study.calibration.backcast import markdown
from pathsim.text import as_cell, visible
from small_scenario import BASELINE, MORE, made_up_comparison, write_scenarios

NASTY = "=1+1 [/] [red]x[/red] :smile: $\\x$ \x1b[31m \u202edb"
SHOWN = r"=1+1 [/] [red]x[/red] :smile: $\x$ \x1b[31m \u202edb"
IN_TOML = NASTY.replace("\\", "\\\\").replace("\x1b", "\\u001b").replace("\u202e", "\\u202e")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Scenarios whose every text is nasty, in the working folder."""
    monkeypatch.chdir(write_scenarios(tmp_path))
    texts = (("baseline", BASELINE, "Small town"), ("more", MORE, "More <mentors> & more"))
    for name, text, title in texts:
        for old in (title, "made for a test", "Mentor"):
            text = text.replace(old, IN_TOML)  # noqa: PLW2901 all three, one after another
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_what_steers_is_written_out_and_what_is_read_stays():
    assert visible("a\tb\x07\x1b[2J\x7f\x85\u2028\u200f\u2066\ufeff\udc80") == (
        r"a\tb\x07\x1b[2J\x7f\x85\u2028\u200f\u2066\ufeff\udc80"
    )
    plain = "caf\u00e9 \u00a35 \u2013 \u4e00 \U0001f600 \u0645\u06cc\u200c\u062e"
    assert visible(plain) == plain
    assert visible("a\nb\rc", keep="\n") == "a\nb\\rc"


@pytest.mark.parametrize("text", ["=A1", "+1", "-1", "@SUM(A1)", "\t=A1", "\r=A1"])
def test_a_cell_of_text_is_no_formula(text):
    assert as_cell(text) == f"'{text}"
    assert as_cell(f"a{text}") == f"a{text}"


def test_numbers_of_a_table_stay_as_they_are():
    table = pd.DataFrame({"=name": ["-x", "y", None], "number": [-1.5, 2.0, None]})
    safe = for_spreadsheets(table)
    assert safe.columns.tolist() == ["'=name", "number"]
    assert safe["'=name"].tolist()[:2] == ["'-x", "y"]
    assert safe["number"].tolist()[:2] == [-1.5, 2.0]
    categories = pd.DataFrame({"a": pd.Categorical(["=x", "y"])})
    assert for_spreadsheets(categories)["a"].tolist() == ["'=x", "y"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "baseline.toml", "more.toml"],
        ["evidence", "baseline.toml"],
        ["run", "baseline.toml", "--replications", "1"],
        ["compare", "baseline.toml", "more.toml", "--replications", "2"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_command_shows_text_and_obeys_none_of_it(folder, capsys, arguments):
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "[/] [red]x[/red] :smile:" in told.out
    assert r"\x1b[31m" in told.out
    for text in (told.out, told.err):
        assert not {"\x1b", "\u202e"} & set(text)


def test_a_misnamed_file_is_told_on_one_line(folder, capsys):
    assert main(["validate", "no\x1b[2J\nsuch.toml"]) == 2
    assert capsys.readouterr().err == "error: no\\x1b[2J\\nsuch.toml: no such file\n"


def test_files_of_results_keep_text_as_text(folder):
    result = made_up_comparison(folder)
    option = result.options[0]
    nasty = option._replace(asked=option.asked._replace(title=NASTY))
    result = result.__class__(baseline=result.baseline, options=(nasty,))
    with Outbox(folder / "out") as outbox:
        write_results(outbox, result)
    rows = list(csv.DictReader(io.StringIO((folder / "out/summary.csv").read_text())))
    assert {row["option"] for row in rows} == {f"'{NASTY}"}
    assert any(row["difference"].startswith("-") for row in rows)
    data = json.loads((folder / "out/results.json").read_text())
    assert NASTY in _texts(data)


def _texts(data):
    """Return all texts in plain data."""
    if isinstance(data, str):
        return [data]
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [text for part in parts for text in _texts(part)]


def test_the_report_escapes_what_is_html(tmp_path):
    page = report_html(made_up_comparison(tmp_path))
    assert "More &lt;mentors&gt; &amp; more" in page
    assert "<mentors>" not in page


def test_a_register_keeps_text_as_text(folder):
    rows = list(csv.DictReader(io.StringIO(as_csv(report(folder / "baseline.toml").rows))))
    assert {row["source"] for row in rows} == {f"'{NASTY}"}


def test_a_posterior_keeps_its_origin_on_its_lines():
    text = Posterior(pd.DataFrame({"a.b": [1.0]}), ("title\n=1+1",)).to_csv()
    assert text == "# title\\n=1+1\na.b\n1\n"


def test_a_page_keeps_its_columns():
    row = dict.fromkeys(("published", "published_sd", "model", "low", "high"), 1.0)
    row |= {"target": "a | b\nc", "use": "fitted", "difference": 0.0, "verdict": "miss"}
    row |= {"people": 1, "source": "x"}
    page = markdown(pd.DataFrame([row]))
    assert len(page.splitlines()) == 3
    assert "| a \\| b\\nc | fitted |" in page
