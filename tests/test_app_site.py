"""What the app answers: estimates, refusals, downloads, uploads; and what it keeps out."""

from __future__ import annotations

import json
import re
import socket
import time
from pathlib import Path

import pytest

import pathsim as ps
from app_pages import HOST, MHTR, client, sharpened, states_of, written
from made_people import CANARY, made_table
from pathsim.app import bench as bench_module
from pathsim.app import downloads
from pathsim.app.asked import Wanted
from pathsim.app.bench import Bench
from pathsim.cli import main
from pathsim.present import extras

FROM_HERE = {"Origin": HOST}
MOVED = f"{MHTR}=0.5&services.mhtr.capacity=10"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("folder")


@pytest.fixture(scope="module")
def asks(folder):
    with client(written(folder)) as found:
        yield found


@pytest.fixture(scope="module")
def sharp(asks) -> str:
    """Return the part of a page with an estimate in 32 states."""
    return sharpened(asks, MOVED, states=32).text


def in_shell(folder: Path, asks, query: str, text: str, monkeypatch) -> dict:
    """Run the command that a page shows, with the files that it offers; return its results."""
    monkeypatch.chdir(folder)
    shown = re.sub(r"<.*?>", "", re.search(r"<pre>(.*?)</pre>", text, re.S).group(1))
    for name in re.findall(r"/download/(\w+\.toml)\?", text):
        (folder / name).write_bytes(asks.get(f"/download/{name}?{query}").content)
    words = shown.split()
    assert words[0] == "pathsim"
    assert main(words[1:]) == 0
    return json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))


def downloaded(asks, name: str, query: str, text: str):
    draws = states_of(text)
    return asks.get(f"/download/{name}?{query}&draws={draws}")


def test_the_first_page_has_every_group_of_levers_and_asks_for_nothing_outside(asks):
    text = asks.get("/").text
    for word in ("Places", "Referrals", "Sentencing and custody", "Prices", "Assumptions"):
        assert word in text
    assert "Nothing is moved yet" in text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', text)
    assert not re.search(r"<script(?![^>]* src=)|style=|\bon\w+=", text)


def test_an_estimate_sharpens_and_says_so(asks):
    text = asks.get(f"/?{MHTR}=0.4").text
    first = sharpened(asks, f"{MHTR}=0.4", states=4)
    assert 'hx-trigger="every 1s"' in first.text
    assert "Getting sharper" in first.text
    later = sharpened(asks, f"{MHTR}=0.4", states=16)
    assert states_of(text) < states_of(later.text)
    assert first.headers["hx-push-url"] == f"/?{MHTR}=0.4"


def test_a_page_that_has_the_estimate_is_sent_nothing_again(asks, sharp):
    found = asks.get(f"/estimate?{MOVED}&have={states_of(sharp)}")
    while found.status_code == 200:
        found = asks.get(f"/estimate?{MOVED}&have={states_of(found.text)}")
    assert (found.status_code, found.text) == (204, "")


def test_the_address_is_made_short(asks):
    found = asks.get(f"/?was=&title=&{MHTR}=0.5&services.gps_tag.capacity=18.0&b=&budget=")
    assert (found.status_code, found.headers["location"]) == (303, f"/?{MHTR}=0.5")
    assert asks.get(f"/?{MHTR}=0.05").headers["location"] == "/"


def test_a_wrong_value_is_refused_beside_its_field(asks):
    for address in ("/", "/estimate"):
        found = asks.get(f"{address}?{MHTR}=7")
        assert found.status_code == 422
        said = re.search(r'<p class="error" id="(lever-\d+)-said"[^>]*>(.*?)</p>', found.text)
        assert "is out of range; 7 percent is 0.07; found 7" in said.group(2)
        assert f'href="#{said.group(1)}"' in found.text
    whole = asks.get(f"/?{MHTR}=7").text
    field = re.search(rf'<input id="{said.group(1)}"[^>]*>', whole).group(0)
    assert 'value="7"' in field
    assert 'aria-invalid="true"' in field


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("colour=red", "colour: is nothing that an address says"),
        ("budget=lots", "budget: is no budget"),
        ("people=abc", "people: are not kept any more"),
        ("start=../../etc/passwd", "start: is no option of the baseline"),
        ("services.gps_tg.capacity=3", "did you mean"),
        ("follow_up.days=-1", "is out of range; found -1"),
    ],
)
def test_what_an_address_cannot_say_is_refused_in_words(asks, query, says):
    found = asks.get(f"/?{query}")
    assert found.status_code == 422
    assert says in found.text
    assert "Traceback" not in found.text
    assert asks.get(f"/estimate?{query}").status_code == 422


def test_the_page_finds_levers_without_scripts(asks):
    text = asks.get("/?find=gps tag").text
    assert "GPS tag on IOM: places" in text
    assert "Unpaid work" not in re.search(r"<form id=\"levers\".*?</form>", text, re.S).group(0)


def test_what_is_moved_stays_moved_while_levers_are_searched(asks):
    text = asks.get(f"/?find=gps tag&{MHTR}=0.5").text
    assert f'<input type="hidden" name="{MHTR}" value="0.5">' in text


def test_titles_are_text_wherever_they_come_from(asks, folder):
    title = "<img src=x onerror=alert(1)>"
    text = sharpened(asks, f"start=ten-places&{MHTR}=0.5&title={title}", states=4).text
    whole = asks.get(f"/?title={title}&{MHTR}=0.5").text
    for each in (text, whole):
        assert "<img" not in each
        assert "<script>document" not in each
    assert "&lt;script&gt;document" in whole
    assert "&lt;img src=x" in text


def test_two_options_stand_side_by_side(asks):
    kept = f"title=Half+referred&{MHTR}=0.5"
    query = f"{MHTR}=0.3&title=Fewer&b={kept.replace('=', '%3D').replace('&', '%26')}"
    text = sharpened(asks, query, states=4).text
    table = re.search(r'id="compare-table".*?</table>', text, re.S).group(0)
    assert re.findall(r'<th scope="row"><a[^>]*>(.*?)</a>', table) == ["Fewer", "Half referred"]
    assert "Swap the two" in text


def test_a_budget_is_held_against_what_places_cost(asks):
    query = "services.mhtr.capacity=10&budget=£5,000"
    text = sharpened(asks, query, states=4).text
    assert "What the budget buys" in text
    assert "it does not fit" in text
    assert "it fits" in sharpened(asks, "services.mhtr.capacity=10&budget=5e6", states=4).text


def test_every_figure_on_the_page_is_that_of_the_results(asks, sharp):
    data = downloaded(asks, "results.json", MOVED, sharp).json()
    figures = re.findall(r'<data value="([^"]*)" data-from="([^"]*)">', sharp)
    assert len(figures) > 30
    for value, place in figures:
        found = data
        for key in place.split("."):
            found = found[int(key)] if isinstance(found, list) else found[key]
        assert float(value) == found, place


def test_the_command_on_the_page_has_the_same_figures_to_the_last_digit(
    asks, sharp, tmp_path, folder, monkeypatch
):
    mine = downloaded(asks, "results.json", MOVED, sharp).json()
    shell = in_shell(tmp_path, asks, MOVED, sharp, monkeypatch)
    for side in ("baseline", "options"):
        ours, theirs = (
            [each[side]] if side == "baseline" else each[side] for each in (mine, shell)
        )
        assert [each["outcomes"] for each in ours] == [each["outcomes"] for each in theirs]
    assert mine["run"]["inputs_sha256"]
    assert mine["run"]["draws"] == shell["run"]["draws"] == states_of(sharp)
    assert mine["options"][0]["outcomes"][0]["difference"] != 0


def test_the_report_and_the_tables_can_be_taken_along(asks, sharp):
    report = downloaded(asks, "report.html", MOVED, sharp)
    assert report.text.startswith("<!DOCTYPE html>")
    assert "attachment" in report.headers["content-disposition"]
    assert "Your option" in report.text
    assert downloaded(asks, "summary.csv", MOVED, sharp).text.startswith("option,outcome")
    assert downloaded(asks, "workbook.xlsx", MOVED, sharp).content.startswith(b"PK")
    assert "<svg" in downloaded(asks, "rate.svg", MOVED, sharp).text


@pytest.mark.parametrize("name", ["passwd", "..%2Fsite.py", "%2e%2e%2f%2e%2e%2fpyproject.toml"])
def test_nothing_else_can_be_taken_along(asks, name):
    assert asks.get(f"/download/{name}?{MOVED}&draws=4").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/static/..%2f..%2ferrors.py",
        "/static//etc/passwd",
        "/static/",
    ],
)
def test_no_file_outside_the_static_folder_is_sent(asks, path):
    assert asks.get("/static/app.css").status_code == 200
    found = asks.get(path)
    assert found.status_code == 404
    assert "import" not in found.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.7:8765"])
def test_a_page_asked_for_by_another_name_is_refused(asks, host):
    assert asks.get("/", headers={"Host": host}).status_code == 400
    assert asks.get("/", headers={"Host": "localhost:8765"}).status_code == 200


def test_every_answer_forbids_what_is_not_from_here(asks):
    for path in ("/", "/static/app.js", "/nothing", "/report.css"):
        headers = asks.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self';")
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def upload(asks, table: bytes, name="people.csv", headers=None, **more):
    files = {"table": (name, table), **more}
    headers = FROM_HERE if headers is None else headers
    return asks.post("/people", data={"address": f"{MHTR}=0.5"}, files=files, headers=headers)


@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_an_upload_from_another_page_is_refused(asks, origin):
    headers = {} if origin is None else {"Origin": origin}
    assert upload(asks, b"id\n1\n", headers=headers).status_code == 403


def test_an_upload_that_is_too_large_is_refused_before_it_is_read(asks, monkeypatch):
    headers = FROM_HERE | {"Content-Length": "25000001"}
    assert asks.post("/people", content=b"", headers=headers).status_code == 413
    assert asks.request("DELETE", "/people").status_code == 405


def own_people() -> bytes:
    return made_table(130).to_csv(index=False).encode()


def test_own_people_are_followed_and_kept_in_no_file(asks, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = own_people()
    found = upload(asks, table)
    assert found.status_code == 303, found.text
    assert not list(tmp_path.iterdir())
    query = found.headers["location"].removeprefix("/?")
    text = sharpened(asks, query, states=4).text
    page = asks.get(f"/?{query}").text
    assert "follows 130 people of" in page
    assert "--cohort people.csv" in text
    (tmp_path / "people.csv").write_bytes(table)
    shell = in_shell(tmp_path, asks, query, text, monkeypatch)
    mine = downloaded(asks, "results.json", query, text).json()
    assert mine["options"][0]["outcomes"] == shell["options"][0]["outcomes"]
    assert CANARY not in "".join([*capfd.readouterr(), page, text])


def test_a_table_that_cannot_be_read_is_refused_as_cohort_check_says(asks, tmp_path, capsys):
    table = b"id,age,sex\n1,30,male\n"
    found = upload(asks, table)
    assert found.status_code == 422
    (tmp_path / "people.csv").write_bytes(table)
    assert main(["cohort", "check", str(tmp_path / "people.csv")]) == 2
    said = capsys.readouterr()
    for word in ("offence_group", "the column is missing"):
        assert word in said.err + said.out
        assert word in found.text
    assert str(tmp_path) not in found.text
    assert "/tmp/pathsim" not in found.text


def test_a_file_of_another_kind_is_refused(asks):
    found = upload(asks, b"MZ", name="../../people.exe")
    assert found.status_code == 422
    assert "people: is no table of people" in found.text or "is no table of people" in found.text
    assert "../" not in found.text


def test_what_is_not_looked_at_any_more_is_left_for_what_is(folder, monkeypatch):
    baseline = ps.load(written(folder))
    monkeypatch.setattr(bench_module, "_LOOKED_AT", 60.0)
    bench = Bench(lambda _: {}, lambda _: None, baseline=baseline, workers=1)
    try:
        old, new = (
            Wanted(baseline, (baseline.change(f"{share}", {MHTR: share}),)) for share in (0.3, 0.4)
        )
        first = bench.estimate(old, wait=120)
        while bench.estimate(new, wait=1.0).draws < 16:
            pass
        assert bench.estimate(old).draws <= max(first.draws, 8)
    finally:
        bench.close()


def test_more_states_than_are_simulated_are_refused_and_not_waited_for(folder, monkeypatch):
    baseline = ps.load(written(folder))
    monkeypatch.setattr(bench_module, "sharpness", lambda _: (True, "Enough."))
    monkeypatch.setattr(bench_module, "_PATIENCE", 60.0)
    bench = Bench(lambda _: {}, lambda _: None, baseline=baseline, workers=1)
    try:
        wanted = Wanted(baseline, (baseline.change("0.3", {MHTR: 0.3}),))
        assert bench.estimate(wanted, wait=60).draws == 4
        with pytest.raises(ps.InputError, match=r"more states than are simulated.*up to 4"):
            bench.comparison(wanted, 8)
        assert bench.comparison(wanted, 4).provenance["draws"] == 4
    finally:
        bench.close()


def test_a_workbook_is_offered_only_where_it_can_be_made(monkeypatch):
    assert "workbook.xlsx" in downloads.offered()
    there = extras.find_spec
    monkeypatch.setattr(
        extras, "find_spec", lambda name: None if name == "gptables" else there(name)
    )
    assert "workbook.xlsx" not in downloads.offered()
    assert "report.html" in downloads.offered()


def test_what_was_looked_at_before_is_there_at_once(asks, sharp):
    begun = time.monotonic()
    assert states_of(asks.get(f"/estimate?{MOVED}").text) >= 32
    assert time.monotonic() - begun < 5


def test_a_taken_port_is_a_clear_error(folder, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["app", str(written(folder)), "--port", str(port), "--no-browser"]) == 2
    assert f"error: --port: cannot be had: address already in use; found {port}" in (
        capsys.readouterr().err
    )


def test_without_its_packages_the_app_says_what_installs_them(monkeypatch, capsys):
    monkeypatch.setattr("pathsim.present.extras.find_spec", lambda name: None)
    assert main(["app", "--no-browser"]) == 2
    assert "pip install 'offender-pathsim[app]'" in capsys.readouterr().err


def test_a_scenario_that_there_is_not_is_a_clear_error(capsys):
    assert main(["app", "dorset/basline", "--no-browser", "--port", "0"]) == 2
    assert "dorset/baseline" in capsys.readouterr().err
