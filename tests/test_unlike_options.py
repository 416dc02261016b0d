"""What a comparison refuses as unlike, and what of limited queues and of phases its tables tell."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

import pathsim as ps
from pathsim.outcomes.names import headline_loads
from pathsim.present.html import run_tables as html_of_run
from pathsim.present.rows import load_differences, load_heads, load_means
from pathsim.present.table import comparison_tables, run_tables
from pathsim.scenario.titles import title_of
from small_scenario import BASELINE
from textbook import case, service

HORIZON = {"follow_up.horizon_days": 1095.0}
MEMORY = "follow_up.memory_days"
QUARTERS = {"follow_up.clocks": "quarters"}


@pytest.fixture
def base():
    return case({"people": 40, "start_day": None}, services={"tag": service(days=5, capacity=1)})


@pytest.mark.parametrize(
    ("below", "changes", "key", "allowed"),
    [
        ({}, HORIZON, "follow_up.horizon_days", "none"),
        (HORIZON, {"follow_up.horizon_days": 730.0}, "follow_up.horizon_days", "1095.0"),
        (HORIZON, {MEMORY: 2000.0}, MEMORY, "1096.0"),
        ({**HORIZON, MEMORY: 2000.0}, {MEMORY: 1500.0}, MEMORY, "2000.0"),
        (HORIZON, {**QUARTERS, "follow_up.index": "release"}, "follow_up.clocks", "person"),
        ({}, {"costs.discount_rate_percent": 3.5}, "costs.discount_rate_percent", "0.0"),
        ({}, {"offending.record_grows": True}, "offending.record_grows", "false"),
        (
            {"offending.record_grows": True},
            {"offending.record_grows": False},
            "offending.record_grows",
            "true",
        ),
    ],
)
def test_a_difference_of_unlike_things_is_refused(base, below, changes, key, allowed):
    baseline = base.change("Below", below) if below else base
    options = [baseline.change("Fine", {"services.tag.capacity": 2})]
    options.append(baseline.change("Other", changes))
    for unpaired in (False, True):
        with pytest.raises(ps.InputError) as refused:
            ps.compare(baseline, options, replications=2, unpaired=unpaired)
        (problem,) = refused.value.problems
        assert problem.key == key
        assert problem.allowed == f"{allowed}, as in the baseline '{baseline.title}'"
        assert "the option 'Other'" in problem.message
        assert "unlike things; change it in the baseline too" in problem.message
    both = [each.change("Both", changes) for each in (baseline, options[0])]
    assert ps.compare(*both, replications=2).options


def test_the_line_of_what_differs_is_told(tmp_path):
    (tmp_path / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    option = 'extends = "baseline.toml"\ntitle = "Long"\n[follow_up]\nhorizon_days = 800\n'
    (tmp_path / "long.toml").write_text(option, encoding="utf-8")
    with pytest.raises(ps.InputError, match=r"long\.toml:4: follow_up\.horizon_days: the option"):
        ps.compare(tmp_path / "baseline.toml", tmp_path / "long.toml", replications=2)


@pytest.mark.parametrize("dated", ["", "from_day = 30\n"])
def test_the_line_of_another_record_is_told_also_of_a_dated_option(tmp_path, dated):
    (tmp_path / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    option = f'extends = "baseline.toml"\ntitle = "R"\n{dated}[offending]\nrecord_grows = true\n'
    (tmp_path / "record.toml").write_text(option, encoding="utf-8")
    line = 5 if dated else 4
    with pytest.raises(ps.InputError, match=rf"record\.toml:{line}: offending\.record_grows: "):
        ps.compare(tmp_path / "baseline.toml", tmp_path / "record.toml", replications=2)


# Who is turned away


def text_of(parts) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    for part in parts:
        console.print(part)
    return console.export_text()


@pytest.mark.parametrize(("limit", "changed"), [("unlimited", 0), (0, 1), (0, "unlimited")])
def test_a_comparison_shows_who_is_turned_away_where_a_side_has_a_limit(base, limit, changed):
    tag = service(days=6, capacity=1, max_queue=limit) | {"title": "Tag"}
    baseline = base.change("Limit", {"services.tag": tag})
    option = baseline.change("Other", {"services.tag.max_queue": changed})
    result = ps.compare(baseline, option, replications=3)
    found = {row.outcome: row for row in load_differences(result.options[0])["Tag [tag]"]}
    assert list(found)[2:4] == ["gave up waiting", "turned away"]
    told = found["turned away"]
    assert (told.baseline, told.option).count("0") == [limit, changed].count("unlimited")
    assert "turned away" in text_of(comparison_tables(result))
    assert "service.tag.turned_away" in set(result.summary()["outcome"])


def test_without_a_limit_nobody_can_be_turned_away_and_no_row_says_so(base):
    result = ps.compare(base, base.change("More", {"services.tag.capacity": 2}), replications=2)
    assert "turned away" not in text_of(comparison_tables(result))
    assert "turned away" not in text_of(run_tables(result.baseline))
    assert headline_loads("service.tag")[2:] == ["service.tag.reneged", "service.tag.utilisation"]


def test_a_run_has_a_column_for_it_where_any_queue_has_a_limit():
    pools = {"room": {"capacity": 1, "max_queue": 0}}
    services = {"a": service(days=5, pool="room"), "b": service(capacity=9)}
    scenario = case({"people": 40, "start_day": None}, pools=pools, services=services)
    run = ps.run(scenario, replications=2)
    place = load_heads(run).index("turned away")
    means = load_means(run)
    assert all(len(row) == len(load_heads(run)) - 1 for row in means.values())
    away = {name.rpartition("[")[2]: float(row[place - 1]) for name, row in means.items()}
    assert away["pool.room]"] > 0.0
    assert away["b]"] == 0.0
    assert "turned away" in text_of(run_tables(run))
    assert "turned away" in html_of_run(run)
    assert "pool.room.turned_away" in set(run.summary()["outcome"])


# Phases


def test_an_earlier_phase_is_told_with_its_days(base):
    steps = [
        {"from_day": day, "services.tag.capacity": places}
        for day, places in ((10.0, 2), (91.0, 3), (183.5, 4))
    ]
    option = base.change("By and by", {"phases": steps})
    names = [
        title_of(f"{'before.' * k}services.tag.capacity", option).partition(": A ")[0]
        for k in range(4)
    ]
    assert names[1:] == ["from day 91 until day 183.5", "from day 10 until day 91", "until day 10"]
    assert title_of("services.tag.capacity", option) == "A service: places"
    text = text_of(comparison_tables(ps.compare(base, option, replications=2)))
    told = [line.strip() for line in text.splitlines() if line.startswith(("changes", "  A "))]
    places = "A service: places [services.tag.capacity]: 1 to"
    assert told == [
        "changes from day 10 until day 91:",
        f"{places} 2",
        "changes from day 91 until day 183.5:",
        f"{places} 3",
        "changes from day 183.5:",
        f"{places} 4",
    ]
    assert "n force from day" not in text
