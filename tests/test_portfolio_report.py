"""The report of a portfolio: its figures, its sliders in a browser, and the command's files."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

import pathsim as ps
from browser import faults_of, page, scrolls_sideways
from pathsim.cli.app import run_command_line
from pathsim.cli.files import portfolio_in, write_portfolio
from pathsim.present.explorer import explorer_hash
from pathsim.present.report.portfolio import portfolio_html
from priced_town import priced_town
from report_pages import Page, at, read_number
from small_town import TOWN

KEY = "services.mentor.capacity"
HOW = {"draws": 32, "replications": 2, "seed": 3}
TITLE = "Stronger </script><script>window.stolen = 1</script>"
ROUNDING = 1e-9
THOUSAND = 1000.0
DASH = "\N{EN DASH}"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    town = priced_town(tmp_path_factory.mktemp("town"))
    stronger = town.change(TITLE, {"services.mentor.hazard_ratio": 0.15})
    return ps.portfolio(town, {KEY: [8, 12]}, options=[stronger], budget=30_000.0, **HOW)


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    where = tmp_path_factory.mktemp("files") / "out"
    with portfolio_in(where) as outbox:
        write_portfolio(outbox, found)
    return where


@pytest.fixture(scope="module")
def told(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def check_marks(text, told):
    """Check every marked figure of a page, and return how many there are."""
    marks = Page(text).marks
    for mark in marks:
        assert mark.value == float(at(told, mark.origin)), mark
        if "than" in mark.text:
            assert 0.0 < mark.value < 0.01 or 0.99 < mark.value < 1.0
            continue
        size, half = read_number(mark.text)
        scale = 1.0
        if mark.origin.endswith("worth_a_pound") and told["maximised"] != "npsv":
            scale = THOUSAND
        off = abs(size - scale * abs(mark.value))
        assert off <= half * (1.0 + ROUNDING) + ROUNDING, mark
        assert ("+" in mark.text) <= (mark.value > 0.0), mark
        assert ("\N{MINUS SIGN}" in mark.text) <= (mark.value < 0.0), mark
    return len(marks)


def test_every_figure_is_that_of_results_json_and_so_is_the_sentence(folder, told, found):
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert sorted(each.name for each in folder.iterdir()) == ["report.html", "results.json"]
    assert told == json.loads(found.to_json())
    assert check_marks(text, told) > 60
    unmarked = {each.strip(" (") for each in Page(text).bare}
    assert unmarked <= {"", "to", ")", DASH, "the mix to take", "no: as good", "yes"}
    ((origin, said),) = Page(text).said
    assert (origin, said) == ("sentence", told["sentence"])
    for mix in told["mixes"]:
        assert mix["mix"].partition("<")[0] in text


def test_links_lead_somewhere_and_ids_are_unique(folder):
    whole = Page((folder / "report.html").read_text(encoding="utf-8"))
    ids = [attributes["id"] for _, attributes in whole.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {each["href"].removeprefix("#") for each in whole.all("a")} <= set(ids)


def test_the_page_allows_the_explorers_script_and_nothing_from_outside(folder):
    text = (folder / "report.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert "default-src 'none'" in policy
    assert f"script-src '{explorer_hash()}'" in policy
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (1280, True)])
def test_it_has_no_fault_asks_for_nothing_and_its_sliders_answer(folder, told, width, dark):
    file = folder / "report.html"
    with page(width=width, dark=dark) as view:
        asked, wrong = [], []
        view.on("request", lambda request: asked.append(request.url))
        view.on("console", lambda message: wrong.append(message.text))
        view.on("pageerror", lambda error: wrong.append(str(error)))
        view.goto(file.as_uri())
        answer = view.get_by_role("status")
        before = answer.inner_text()
        view.get_by_role("slider", name=KEY).press("End")
        assert answer.inner_text() != before
        row = next(each for each in told["mixes"] if each["mix"] == "mentor 12")
        data = answer.evaluate("each => ({...each.dataset})")
        assert data["state"] == "simulated"
        assert float(data["worth"]) == pytest.approx(row["worth"], rel=ROUNDING)
        assert float(data["spend"]) == pytest.approx(row["spend"], rel=ROUNDING)
        assert faults_of(view) == []
        view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert not scrolls_sideways(view)
        assert view.evaluate("window.stolen") is None
        assert asked == [file.as_uri()]
        assert wrong == []


def test_on_paper_the_levels_stand_without_their_sliders(folder):
    with page() as view:
        view.goto((folder / "report.html").as_uri())
        view.get_by_role("slider", name=KEY).press("End")
        view.emulate_media(media="print")
        assert not view.locator("input[type=range]").first.is_visible()
        assert view.locator(".explorer-level").first.inner_text() == "12"
        assert view.get_by_role("status").is_visible()


def test_a_portfolio_of_which_nothing_was_simulated_says_so(found):
    nothing = replace(found, provenance={}, shadow=found.shadow.iloc[:0])
    text = portfolio_html(nothing)
    assert "Nothing was simulated" in text
    assert "no place to add" in text
    assert 'id="manifest"' not in text


def test_a_result_writes_its_report_only_as_a_page(found, tmp_path):
    found.report(tmp_path / "report.html")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert written == portfolio_html(found)
    with pytest.raises(ps.InputError, match="has no known suffix for a report"):
        found.report(tmp_path / "report.pdf")


def command(file, out):
    return [
        *("portfolio", str(file), "--lever", f"{KEY}=8,12", "--budget", "30000"),
        *("--draws", "32", "--replications", "2", "--seed", "3", "--out", str(out)),
        *("--worth", "proven_reoffending_rate", "--delta", "0.001", "--json"),
    ]


def test_the_command_writes_what_it_prints_and_says_where(tmp_path, capsys):
    file, out = tmp_path / "town.toml", tmp_path / "out"
    file.write_text(TOWN, encoding="utf-8")
    assert run_command_line(command(file, out)) == 0
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert json.loads((out / "results.json").read_text(encoding="utf-8")) == told
    assert f"written: {out / 'results.json'}, {out / 'report.html'}" in captured.err
    assert check_marks((out / "report.html").read_text(encoding="utf-8"), told) > 40
    names = ["manifest.json", "report.html", "results.json"]
    assert sorted(each.name for each in out.iterdir()) == names


def test_a_place_that_cannot_be_written_is_refused_before_anything_runs(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("pathsim.decision.portfolio.evaluate.compare", None)
    file, out = tmp_path / "town.toml", tmp_path / "out"
    file.write_text(TOWN, encoding="utf-8")
    out.write_text("kept", encoding="utf-8")
    assert run_command_line(command(file, out)) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "kept"


def test_without_the_extra_there_are_plain_data_and_a_word_about_the_page(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr("pathsim.present.extras.find_spec", lambda _: None)
    file, out = tmp_path / "town.toml", tmp_path / "out"
    file.write_text(TOWN, encoding="utf-8")
    assert run_command_line(command(file, out)) == 0
    assert {each.name for each in out.iterdir()} == {"manifest.json", "results.json"}
    assert "not written: report.html needs matplotlib and jinja2" in capsys.readouterr().err
