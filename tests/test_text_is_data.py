"""Text from files is data: no terminal obeys it and no spreadsheet computes it."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from dataclasses import replace

import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.cli.files import write_results
from pathsim.cli.printing import print_json
from pathsim.present.output import Outbox
from pathsim.present.report import report_html
from pathsim.scenario.evidence.register import as_csv
from pathsim.scenario.evidence.report import report
from pathsim.spreadsheet import for_spreadsheets
from pathsim.study.calibration import Posterior, read_targets
from pathsim.study.calibration.backcast import markdown
from pathsim.study.calibration.pages import scenario_values
from pathsim.text import as_cell, steers, visible
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


FORMULAS = ("=A1", "+1", "-1", "@SUM(A1)")
BLANKS = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\xa0",
    "\u3000",
    "\u200b",
    "\u200d",
    "\ufeff",
    " \t \u200c\u2066",
)
WIDE = ("\uff1dA1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "\ufe66A1", "\u22121")


@pytest.mark.parametrize("blank", BLANKS, ids=ascii)
@pytest.mark.parametrize("text", [*FORMULAS, *WIDE], ids=ascii)
def test_a_cell_of_text_is_no_formula(text, blank):
    assert as_cell(blank + text) == f"'{visible(blank + text)}"
    assert as_cell(f"a{blank}{text}") == f"a{visible(blank)}{text}"


@pytest.mark.parametrize("text", ["", " ", "\u2013", "a = b", "(=1)", "\u4e00=1", "1-2", '"=1'])
def test_a_cell_that_is_no_formula_stays_as_it_is(text):
    assert as_cell(text) == text


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
    nasty = replace(option, request=option.request._replace(title=NASTY))
    result = result.__class__(baseline=result.baseline, options=(nasty,))
    with Outbox(folder / "out") as outbox:
        write_results(outbox, result)
    rows = list(csv.DictReader(io.StringIO((folder / "out/summary.csv").read_text())))
    assert {row["option"] for row in rows} == {f"'{SHOWN}"}
    assert any(row["difference"].startswith("-") for row in rows)
    data = json.loads((folder / "out/results.json").read_text())
    assert NASTY in _texts(data)
    for name in ("summary.csv", "results.json", "report.html"):
        refuse_unseen((folder / "out" / name).read_text(encoding="utf-8"))


def refuse_unseen(text):
    """Fail on the first sign that a terminal or a browser would obey."""
    assert not [sign for sign in text if sign != "\n" and steers(sign)]


UNSEEN = "A\x1b[31m\x9b\x7f\u202e\u2066\u200b\u2028\u2029\xad\U000e0041 \u06cc\u200c\u062e Z"
"""Control, bidirectional, zero-width and tag characters, and a joiner, which is a letter's."""


@pytest.fixture
def unseen(tmp_path):
    """A scenario with signs in all its texts that should not reach a screen."""
    folder = write_scenarios(tmp_path)
    baseline = ps.load(folder / "baseline.toml")
    changes = {"description": f"{UNSEEN}\nsecond line", "services.mentor.title": UNSEEN}
    changes["services.mentor.hazard_ratio"] = {"value": 0.5, "source": UNSEEN, "note": UNSEEN}
    return baseline.change(UNSEEN, changes)


def test_a_scenario_written_out_says_the_same_in_escapes(tmp_path, unseen):
    text = unseen.to_toml()
    refuse_unseen(text)
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    again = ps.load(tmp_path / "again.toml")
    assert again == unseen
    assert again.title == UNSEEN


def test_no_page_and_no_line_shows_what_is_unseen(unseen, capsys):
    result = ps.compare(unseen, unseen.change(f"{UNSEEN}2", {"services.mentor.capacity": 9}),
                        replications=2)  # fmt: skip
    pages = [report_html(result), report_html(result.baseline), result._repr_html_()]
    pages += [result.baseline._repr_html_(), unseen._repr_html_(), repr(unseen), repr(result)]
    for page in pages:
        refuse_unseen(page)
        assert r"\x1b[31m\x9b\x7f\u202e\u2066\u200b\u2028\u2029\xad\U000e0041 " in page
    print_json(result.to_dict())
    out = capsys.readouterr().out
    refuse_unseen(out)
    assert json.loads(out) == result.to_dict()


def test_a_scenario_shows_the_file_of_its_people(tmp_path, unseen):
    option = unseen.change("B", {"cohort.kind": "table", "cohort.file": "a\0\x1b[31mb.csv"})
    refuse_unseen(repr(option))
    assert r"people of a\x00\x1b[31mb.csv" in repr(option)


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
def test_a_description_keeps_its_lines_in_the_report(unseen):
    page = report_html(ps.compare(unseen, unseen.change("B", {"description": "a\nb\tc"}),
                                  replications=2))  # fmt: skip
    assert "a\nb\tc" in page


def test_a_warning_shows_what_is_unseen(unseen):
    with pytest.warns(ps.InputWarning, match="changes nothing") as told:
        unseen.change(f"{UNSEEN}2", {"services.mentor.title": UNSEEN})
    assert told
    for each in told:
        refuse_unseen(str(each.message))


@pytest.mark.filterwarnings("ignore:.*assumed, where:pathsim.InputWarning")
@pytest.mark.parametrize("sign", ["\x1b", "\u202e", "\u2066", "\u200b", "\u2028", "\x00", "\n"])
def test_ids_of_people_have_nothing_unseen(sign):
    ids = ["a", f"a{sign}", "b\u200cb"]
    table = pd.DataFrame(
        {"id": ids, "age": 30, "sex": "male", "offence_group": "theft"}
        | {"previous_offences": 0, "disposal": "fine"}
    )
    message = r"id: the id holds a character that is not shown \(row 1\)"
    with pytest.raises(ps.InputError, match=message):
        ps.Cohort.from_frame(table)
    assert len(ps.Cohort.from_frame(table.drop(index=1))) == 2


def test_ids_of_targets_have_nothing_unseen(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text(
        'title = "A"\n[[parameters]]\nkey = "hazard.adult_level"\nmedian = 0.7\nlog_sd = 0.6\n'
        'reason = "r"\n[[targets]]\nid = "a\\u202eb"\ntitle = "T"\npublished = 0.3\n'
        'source = "s"\n',
        encoding="utf-8",
    )
    with pytest.raises(ps.InputError, match=r"a\.toml:8: .*not shown; found 'a\\u202eb'"):
        read_targets(file)


def test_calibrated_values_are_written_as_toml_that_reads_back():
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [1.0, 2.0]}))
    text = scenario_values(posterior, source=f'{UNSEEN}\n"\\ end')
    refuse_unseen(text)
    assert tomllib.loads(text)["hazard"]["adult_level"]["source"] == f'{UNSEEN}\n"\\ end'


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
    assert {row["source"] for row in rows} == {f"'{SHOWN}"}


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
