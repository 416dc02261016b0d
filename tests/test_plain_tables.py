"""Tables speak people's language: titles and units, one pool, no queue for what is not offered."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest
from rich.console import Console

import pathsim as ps
from pathsim.cli import main
from pathsim.present.rows import cost_means, headline_differences, load_differences, overview
from pathsim.present.table import comparison_tables, run_tables
from pathsim.present.words import money
from pathsim.scenario.titles import title_of
from small_scenario import made_up_comparison, write_scenarios

FORMULA = 1e-9
SHARED = """\
extends = "baseline.toml"
title = "Shared"
pools.beds.capacity = 6

[services.one]
title = "House one"
trigger = { disposals = ["community_order"] }
referral = 0.9
pool = "beds"
patience_days = 60
duration_days = 90

[services.two]
title = "House two"
trigger = { reoffence = true }
referral = 0.9
pool = "beds"
patience_days = 60
duration_days = 90

[services.closed]
title = "Closed house"
trigger = { disposals = ["community_order"] }
referral = 0.9
capacity = 0
patience_days = 20
duration_days = 90
"""
OPENED = 'extends = "shared.toml"\ntitle = "Opened"\nservices.closed.capacity = 4\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    (tmp_path / "shared.toml").write_text(SHARED, encoding="utf-8")
    (tmp_path / "opened.toml").write_text(OPENED, encoding="utf-8")
    return tmp_path


def text_of(parts) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    for part in parts:
        console.print(part)
    return console.export_text()


def test_services_of_one_pool_are_shown_as_one_with_its_waiting(folder):
    run = ps.run("shared.toml", replications=5)
    mean = run.table(group="all").set_index("outcome")["mean"]
    starts = [mean[f"service.{name}.starts"] for name in ("one", "two")]
    assert min(starts) > 0
    assert mean["pool.beds.starts"] == pytest.approx(sum(starts), rel=FORMULA)
    for load in ("reneged", "completed", "utilisation", "mean_queue"):
        parts = [mean[f"service.{name}.{load}"] for name in ("one", "two")]
        assert mean[f"pool.beds.{load}"] == pytest.approx(sum(parts), rel=FORMULA)
    assert "pool.beds.mean_wait_days" in set(run.summary()["outcome"])
    assert "service.one.mean_wait_days" not in set(run.summary()["outcome"])
    text = " ".join(text_of(run_tables(run)).split())
    assert "Shared places: House one; House two [pool.beds]" in text
    assert "[one]" not in text


@pytest.mark.filterwarnings("ignore:.*is itself an option:pathsim.InputWarning")
def test_a_service_without_places_shows_no_queue(folder):
    result = ps.compare("shared.toml", "opened.toml", replications=5)
    rows = result.table(group="all").set_index("outcome")
    before = rows.loc[
        ["service.closed.starts", "service.closed.reneged", "service.closed.mean_queue"]
    ]
    assert (before["baseline_mean"] == 0).all()
    assert (before["option_mean"] > 0).all()
    text = text_of(run_tables(result.baseline))
    assert "without places, and so without a queue: Closed house" in text
    assert "[closed]" not in text
    loads = load_differences(result.options[0])["Closed house [closed]"]
    assert [(row.outcome, row.baseline) for row in loads[:2]] == [
        ("starts", "0"),
        ("mean wait, days", "\N{EN DASH}"),
    ]


def test_what_society_bears_is_never_added_to_cash_without_a_word(folder):
    run = ps.run("baseline.toml", replications=4)
    mean = run.table(group="all").set_index("outcome")["mean"]
    assert mean["cost_society"] > 0
    cash = mean["cost_police"] + mean["cost_pcc"]
    assert mean["cost_public"] == pytest.approx(cash, rel=FORMULA)
    assert mean["cost_total"] == pytest.approx(cash + mean["cost_society"], rel=FORMULA)
    shown = [row.outcome for row in cost_means(run)]
    assert shown[-3:] == ["Cost: public purse", "Cost: society, not cash", "Cost, total of both"]
    result = ps.compare("baseline.toml", "more.toml", replications=4)
    heads = [row.outcome for row in headline_differences(result.options[0])]
    assert {"Reoffences, from sentence", *shown[-3:]} <= set(heads)
    assert "nobody saves in cash" in " ".join(text_of(comparison_tables(result)).split())
    result.report("report.html")
    page = (folder / "report.html").read_text(encoding="utf-8")
    compared = page.partition('<h2 id="compare-title">')[2].partition("</table>")[0]
    for head in ("From the sentence", "Public purse", "Society"):
        assert f'scope="col">{head}<' in compared
    assert "total" not in compared.lower()


def test_money_in_a_table_has_one_unit(tmp_path):
    levels = [22e6, 543_422.0, 112_332.0]
    assert {money(levels).after, money([543.0]).after} == {"k", ""}
    assert [money(levels).value(each) for each in levels] == ["£22,000k", "£543k", "£112k"]
    fine = money([22e6, 412.0], [30_000.0, 150.0])
    assert (fine.value(412.0), fine.difference(150.0)) == ("£0.4k", "+£0.1k")
    assert money(levels, [900.0, 20.0]).difference(20.0) == "+£20"
    [words, _] = overview(made_up_comparison(tmp_path), ["cost_public", "cost_total"])
    assert [each.difference for each in words] == ["+£1,500", "+£1,500"]


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("services.gps_tag.capacity", "GPS tag on IOM: places"),
        ("sentencing.presumption.max_days", "Sentencing: presumption: longest, days"),
        ("services.gps_tag.cost_per_day_gbp", "GPS tag on IOM: cost, a day, £"),
        ("services.atr.duration_days.mean", "Alcohol treatment requirement: duration, days: mean"),
        ("pools.iom.capacity", "Shared places iom: places"),
        ("follow_up.days", "Follow up: days"),
        ("services.unknown", "Unknown"),
    ],
)
def test_a_key_has_a_title_with_its_unit(key, title):
    assert title_of(key, ps.load("dorset/baseline")) == title


def test_the_id_stands_beside_the_title(folder):
    text = text_of(comparison_tables(ps.compare("baseline.toml", "more.toml", replications=2)))
    assert "Mentor [mentor]" in text
    flat = " ".join(text.split())
    assert "changes: Mentor: places [services.mentor.capacity]: 6 to 24" in flat
    assert "Mentor: reoffending rate, ratio while active 0.15, assumed [services.mentor.haz" in flat


def test_files_have_titles_units_and_sizes_beside_the_ids(folder, capsys):
    assert main(["compare", "baseline.toml", "more.toml", "--replications", "2", "--out", "o"]) == 0
    summary = pd.read_csv(folder / "o" / "summary.csv")
    row = summary.set_index(["outcome", "group"]).loc[("service.mentor.starts", "sex=female")]
    assert (row["title"], row["unit"], row["people"]) == ("Mentor: starts", "number", 40)
    data = json.loads((folder / "o" / "results.json").read_text(encoding="utf-8"))
    assert data["run"]["outcomes"]["service.mentor.mean_wait_days"] == {
        "title": "Mentor: mean wait, days",
        "unit": "days",
        "of": "people who enter",
    }
    ids = {each["outcome"] for each in data["options"][0]["outcomes"]}
    assert ids == set(data["run"]["outcomes"])
    assert data["baseline"]["groups"]["sex=male"] == data["options"][0]["groups"]["sex=male"] == 60
    page = (folder / "o" / "report.html").read_text(encoding="utf-8")
    size = 'data-from="options.0.groups.sex=female">40</data></td>'
    assert f'<th scope="row">sex: female</th><td><data value="40.0" {size}' in page


def test_groups_are_told_with_their_size(tmp_path):
    result = made_up_comparison(tmp_path)
    assert dict(result.groups().itertuples(index=False)) == {
        "all": 100,
        "sex=male": 60,
        "sex=female": 40,
    }


def test_titles_below_a_table_are_data_too(folder):
    evil = 'extends = "baseline.toml"\ntitle = "x"\nservices.mentor.title = "M\\u001b[31m"\n'
    (folder / "evil.toml").write_text(evil + "services.mentor.capacity = 9\n", encoding="utf-8")
    parts = comparison_tables(ps.compare("baseline.toml", "evil.toml", replications=2))
    assert all("\x1b" not in part.plain for part in parts if hasattr(part, "plain"))
