"""Every text that tries to be more than text, through every output: nothing of it is executed.

The texts are in titles of scenarios, options and services, in descriptions, sources and notes, and
in levels of people's groups (`tests/hostile.py`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import warnings
import zipfile
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import openpyxl
import pytest

import pathsim as ps
from app_pages import client, sharpened
from browser import page
from hostile import CAPACITY, ELSEWHERE, LEVELS, MARK, TEXTS, hostile_people, write_hostile
from office import need_soffice
from pathsim.cli.app import run_command_line
from pathsim.cli.files import write_results
from pathsim.errors import InputError, InputWarning
from pathsim.present.output import Outbox
from pathsim.present.workbook import as_ods
from pathsim.text import steers, visible

FEW = ["--draws", "4", "--replications", "2", "--workers", "2"]
DOUBT = ["--draws", "32", "--replications", "2", "--workers", "2"]
SOME = [f"option-{number}.toml" for number in (0, 1, 6, 10, 15, 16, 17, 18, 21)]
"""One of each kind, for commands that take long with all."""
SHOWN = 40
"""Characters of a title that a terminal shows whole."""


class Made:
    """What the commands wrote and said."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.said: dict[str, str] = {}

    def files(self, *endings: str) -> list[Path]:
        """Return the files of these endings that a command or the library wrote."""
        found = [path for name in ("out", "owns", "mixes") for path in (self.home / name).iterdir()]
        return sorted(path for path in found if path.suffix in endings)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Run the commands over hostile scenarios and people."""
    home = tmp_path_factory.mktemp("hostile")
    names = write_hostile(home)
    found = Made(home)
    baseline = names[0]
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        warnings.filterwarnings("ignore", "Glyph", UserWarning)  # no font has all signs
        patch.chdir(home)
        _own_groups(baseline)
        for words in (
            ["compare", *names, *FEW, "--quality", "--store", "kept", "--out", "out"],
            ["run", SOME[0], "--draws", "0", "--replications", "1", "--log", "log.csv"],
            ["validate", *names],
            ["evidence", SOME[1]],
            ["decide", baseline, *SOME, *DOUBT],
            ["sensitivity", baseline, SOME[0], SOME[4], *DOUBT],
            ["explain", baseline, SOME[5], *FEW[2:]],
            ["value", baseline, *SOME[:3], *DOUBT],
            ["value", baseline, *SOME[:3], *DOUBT, "--json"],
            ["portfolio", baseline, "--lever", "services.mentor.referral=0.4,0.6", "--option",
             SOME[0], "--budget", "60000", *DOUBT, "--out", "mixes"],
            ["store", "list", "--store", "kept"],
            ["store", "list", "--store", "kept", "--json"],
        ):  # fmt: skip
            found.said[" ".join(words[:2] + words[-1:])] = _told(words)
    return found


def _own_groups(baseline: str) -> None:
    """Write the results of people whose groups have hostile names."""
    people = ps.Cohort.from_frame(hostile_people(), groups=["ward"])
    scenario = ps.load(baseline)
    more = scenario.change(TEXTS[0], {CAPACITY: 30})
    result = ps.compare(scenario, more, draws=0, replications=2, cohort=people)
    with Outbox(Path("owns")) as outbox:
        write_results(outbox, result)


def _told(words: list[str]) -> str:
    """Return what a command says on both streams, to a terminal that has no colours."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        patch.setattr("sys.stderr", err)
        code = run_command_line(words)
    assert code == 0, (words, err.getvalue())
    return out.getvalue() + err.getvalue()


def shown(text: str) -> str:
    """Return a text as pages and tables show it, without blanks, since lines are broken."""
    return re.sub(r"\s", "", visible(text))


def refuse_steering(text: str, where: object) -> None:
    """Fail on a sign that a terminal or a page would obey."""
    assert not sorted({sign for sign in text if sign not in "\n\t" and steers(sign)}), where


# ---------------------------------------------------------------- terminals, JSON, CSV, the store


def test_the_set_has_what_it_says():
    assert len(set(TEXTS)) == len(TEXTS)
    assert all(MARK in text or text.startswith("=") for text in map(str, TEXTS[6:]))
    assert any("\x1b]8;;" in text for text in TEXTS)
    assert any("\x00" in text for text in TEXTS)
    assert len(LEVELS) > 8


def test_no_terminal_obeys_and_no_template_is_filled(made):
    for words, said in made.said.items():
        refuse_steering(said, words)
        assert not re.search(r"1337", said), words
    told = re.sub(r"\s", "", made.said["validate baseline.toml option-25.toml"])
    for text in TEXTS:
        assert shown(text)[:SHOWN] in told, text


@pytest.mark.parametrize(
    "text", sorted(set(TEXTS) - set(LEVELS)), ids=lambda text: ascii(text)[:30]
)
def test_what_steers_is_no_level_of_people(text):
    people = hostile_people()
    people["ward"] = text
    if not steers(text.strip()) and len(text) <= 60:  # blanks around a level are no part of it
        found = ps.Cohort.from_frame(people, groups=["ward"]).frame["ward"]
        assert found.unique().tolist() == [text.strip()]
        return
    with pytest.raises(InputError, match="ward") as refused:
        ps.Cohort.from_frame(people, groups=["ward"])
    refuse_steering(str(refused.value), text)


def test_json_says_the_same_and_steers_nothing(made):
    files = [*made.files(".json"), *(made.home / "kept").rglob("*.json")]
    assert len(files) > 30
    for file in files:
        text = file.read_text("utf-8")
        refuse_steering(text, file)
        json.loads(text)
    titles = [each["title"] for each in json.loads(_out(made, "results.json"))["options"]]
    assert titles == list(TEXTS)
    kept = [json.loads(path.read_text("utf-8")) for path in (made.home / "kept").rglob("*.json")]
    assert {each["title"] for each in kept} == {f"{TEXTS[0]} as it is", *TEXTS}


def _out(made: Made, name: str) -> str:
    return (made.home / "out" / name).read_text("utf-8")


def test_no_cell_of_a_table_is_a_formula_or_breaks_a_line(made):
    files = [*made.files(".csv"), made.home / "log.csv"]
    assert {file.parent.name for file in files} >= {"out", "owns"}
    for file in files:
        text = file.read_text("utf-8")
        refuse_steering(text, file)
        rows = list(csv.reader(io.StringIO(text)))
        assert len({len(row) for row in rows}) == 1, file
        for cell in {cell for row in rows for cell in row}:
            assert not is_formula(cell), (file, cell)
            assert "\n" not in cell
    cells = {row[0] for row in csv.reader(io.StringIO(_out(made, "summary.csv")))}
    for text in TEXTS:
        assert {visible(text), f"'{visible(text)}"} & cells, text


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would compute a cell of a table that it imports."""
    begins = unicodedata.normalize("NFKC", cell.lstrip())[:1]
    if begins not in ("=", "+", "-", "@", "\N{MINUS SIGN}"):
        return False
    try:
        return not np.isfinite(float(cell)) and cell not in ("-inf", "+inf")
    except ValueError:
        return True


# ---------------------------------------------------------------- workbooks


def test_no_cell_of_a_workbook_is_a_formula_or_a_link_outside(made):
    files = made.files(".xlsx")
    assert {file.parent.name for file in files} == {"out", "owns"}
    found = set()
    for file in files:
        with zipfile.ZipFile(file) as parts:
            for name in parts.namelist():
                text = parts.read(name).decode("utf-8")
                assert "<f>" not in text, name
                assert "<f " not in text, name
                assert 'TargetMode="External"' not in text, name
                assert not re.search(r"externalLink|vbaProject|connections|oleObject", name), name
        for sheet in openpyxl.load_workbook(file).worksheets:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None or cell.hyperlink.target is None, cell.coordinate
                if isinstance(cell.value, str):
                    refuse_steering(cell.value, (sheet.title, cell.coordinate))
                    found.add(cell.value.removeprefix("'"))
    for text in TEXTS:
        assert any(shown(text)[:2000] in shown(cell) for cell in found), text
    for level in LEVELS:
        assert any(shown(level) in shown(cell) for cell in found), level


def test_open_document_has_no_formula_and_no_link_outside(made):
    need_soffice()
    file = made.home / "owns" / "workbook.xlsx"
    with zipfile.ZipFile(io.BytesIO(as_ods(file.read_bytes()))) as parts:
        tree = ET.fromstring(parts.read("content.xml"))
        assert not [name for name in parts.namelist() if "Scripts" in name or "Object" in name]
    for each in tree.iter():
        names = {name.rpartition("}")[2]: value for name, value in each.attrib.items()}
        assert "formula" not in names, each.attrib
        assert names.get("href", "#").startswith("#"), each.attrib
        assert not each.tag.endswith("}event-listener")
    assert MARK in "".join(tree.itertext())


# ---------------------------------------------------------------- pages


@contextmanager
def watched(tmp_path: Path):
    """Give a function that opens a page, and fails where anything of it is executed."""
    with page() as opened:
        asked, wrong = [], []
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        opened.on("popup", lambda _: wrong.append("a window opened"))

        def look(file: Path) -> str:
            asked.clear()
            opened.goto(file.as_uri())
            for each in opened.locator("summary").all():
                each.evaluate("each => each.parentElement.open = true")
            opened.mouse.move(200, 200)
            opened.wait_for_timeout(200)
            assert opened.evaluate("typeof window.h0st1le") == "undefined", file
            assert opened.evaluate(_HANDLERS) == [], file
            assert opened.evaluate(_LINKS) == [], file
            known = (file.as_uri(), "data:", "blob:", "file:///static/", "file:///report.css")
            assert [url for url in asked if not url.startswith(known)] == [], file
            assert wrong == [], file
            return str(opened.locator("body").text_content())

        yield look


_HANDLERS = (
    "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a =>"
    " /^on/i.test(a.name)) || /^(iframe|object|embed|base)$/i.test(e.tagName))"
    ".map(e => e.outerHTML.slice(0, 200))"
)
_LINKS = (
    "[...document.querySelectorAll('[href], [src], [action]')].map(e => e.getAttribute('href') ||"
    " e.getAttribute('src') || e.getAttribute('action') || '')"
    ".filter(at => /^\\s*(javascript|vbscript|mailto):|^[a-z]*:?\\/\\/hostile/i.test(at))"
)


def test_nothing_of_a_page_is_executed(made, tmp_path):
    files = made.files(".html")
    assert {f"{file.parent.name}/{file.name}" for file in files} >= {
        *("out/report.html", "out/quality.html", "owns/report.html", "mixes/report.html")
    }
    texts = {}
    with watched(tmp_path) as look:
        for file in files:
            refuse_steering(file.read_text("utf-8"), file)
            texts[f"{file.parent.name}/{file.name}"] = look(file)
    said = re.sub(r"\s", "", texts["out/report.html"])
    for text in TEXTS:
        assert shown(text)[:2000] in said, text
    assert "1337" not in said
    own = re.sub(r"\s", "", texts["owns/report.html"])
    assert sum(shown(level) in own for level in LEVELS) > 0  # it shows those that differ most


def test_markdown_holds_no_markup(made):
    text = _out(made, "quality.md")
    refuse_steering(text, "quality.md")
    assert not re.search(r"(?<!\\)<(script|img|svg|iframe|link|a)\b", text)
    assert not re.search(rf"(?<!\\)\]\((javascript|http://{ELSEWHERE})", text)


def test_nothing_of_the_app_is_executed(made, tmp_path):
    app = made.home / "of-the-app"
    write_hostile(app)
    with warnings.catch_warnings(), ExitStack() as open_ones:
        warnings.simplefilter("ignore", InputWarning)
        asks = open_ones.enter_context(client(app / "baseline.toml"))
        look = open_ones.enter_context(watched(tmp_path))
        begun = ({"start": f"option-{number}"} for number in (0, 1, 3, 16, 18))
        typed = ({key: text} for text in TEXTS for key in ("title", "find", "budget", CAPACITY))
        pages = [asks.get("/", params=query).text for query in ({}, *begun, *typed)]
        estimate = sharpened(asks, "start=option-0", states=4)
        pages.append(f"<!doctype html><title>x</title>{estimate.text}")
        for number, text in enumerate(pages):
            refuse_steering(text, number)
        told = re.sub(r"\s", "", unescape(pages[0]))
        assert all(shown(text)[:60] in told for text in TEXTS[:6])
        some = [*pages[:6], *pages[6:-1:7], pages[-1]]
        for number, text in enumerate(some):
            file = tmp_path / f"page-{number}.html"
            file.write_text(text, encoding="utf-8")
            look(file)


def test_what_looks_on_sees_a_page_that_executes(tmp_path):
    for text in TEXTS[:3]:
        file = tmp_path / "bad.html"
        file.write_text(f"<!doctype html><title>x</title><body>{text}</body>", encoding="utf-8")
        with pytest.raises(AssertionError), watched(tmp_path) as look:
            look(file)
