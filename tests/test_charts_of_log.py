"""What an event log says over time, by hand, and the charts of it."""

from __future__ import annotations

import lifelines
import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from charted import axes_for, marked, outside, overlaps, points, texts_of
from pathsim.outcomes.pathways import (
    IN_CUSTODY,
    NEITHER,
    REOFFENDED,
    STATUSES,
    Wait,
    first_events,
    incidence,
    load,
    mean_waits,
    status_at,
    waits,
)
from pathsim.outcomes.verbs import log as event_log
from pathsim.present.charts.flow import MOMENTS, draw_flow, flow_chart, moves
from pathsim.present.charts.load import draw_load, load_chart
from pathsim.present.charts.queue import MOST, draw_queue, queue_chart
from pathsim.present.charts.reoffending import draw_reoffending, reoffending_chart
from pathsim.present.charts.waits import draw_waits, waits_chart
from small_town import TOWN

EXACT = 1e-12
CHARTS = (
    (draw_load, load_chart, ("m",)),
    (draw_waits, waits_chart, ("m",)),
    (draw_queue, queue_chart, ("m",)),
    (draw_reoffending, reoffending_chart, ()),
    (draw_flow, flow_chart, ()),
)


def made_log(*stories):
    """Return a log: each story a person and events as (time, event, detail)."""
    rows = [
        (0, person, float(time), event, detail)
        for person, events in stories
        for time, event, detail in events
    ]
    names = ["replication", "person", "time", "event", "detail"]
    return pd.DataFrame(rows, columns=names).sort_values("time", kind="stable")


BY_HAND = made_log(
    ("a", [(0, "start", "fine"), (10, "wait", "m"), (30, "service_start", "m"),
           (50, "service_complete", "m"), (100, "reoffence", "theft"),
           (200, "custody", "sentence"), (300, "release", "licence"),
           (320, "licence_end", "liberty"), (900, "end", "")]),
    ("b", [(20, "start", "custody"), (20, "custody", "sentence"), (60, "release", "licence"),
           (60, "wait", "m"), (90, "custody", "recall"), (95, "renege", "m"),
           (120, "release", "licence"), (130, "reoffence", "theft"), (920, "end", "")]),
    ("c", [(40, "start", "community_order"), (40, "order_start", "community_order"),
           (40, "service_start", "m"), (100, "service_drop_out", "m"),
           (300, "order_end", "community_order"), (940, "end", "")]),
    ("d", [(50, "start", "custody"), (50, "custody", "sentence"), (900, "end", "")]),
    ("warm-up:a", [(-5, "start", "fine"), (-5, "service_start", "m"),
                   (25, "service_stop", "m"), (26, "wait", "m")]),
)  # fmt: skip
"""In custody before any reoffence: b; never released: d; of another generation: the last."""


def test_the_first_event_after_the_index_date():
    found = first_events(BY_HAND, days=365.0)
    assert found.to_dict(orient="list") == {
        "days": [100.0, 30.0, 365.0],
        "what": [REOFFENDED, IN_CUSTODY, NEITHER],
    }
    assert first_events(BY_HAND, days=50.0)["what"].tolist() == [NEITHER, IN_CUSTODY, NEITHER]


def test_custody_competes_with_reoffending():
    found = incidence(first_events(BY_HAND, days=365.0), days=365.0, step=90.0)
    assert found["day"].tolist() == [0.0, 90.0, 180.0, 270.0, 360.0, 365.0]
    assert found["custody"].tolist() == pytest.approx([0.0] + [1 / 3] * 5, rel=EXACT)
    assert found["reoffended"].tolist() == pytest.approx([0.0, 0.0] + [1 / 3] * 4, rel=EXACT)
    assert found["at_risk"].tolist() == [3, 2, 1, 1, 1, 1]


def test_incidence_is_that_of_lifelines_where_people_are_no_longer_followed():
    rng = np.random.default_rng(4)
    days = rng.permutation(np.arange(1.0, 401.0))  # no two the same: lifelines would jitter them
    what = rng.choice([NEITHER, REOFFENDED, IN_CUSTODY], size=400, p=[0.3, 0.5, 0.2])
    found = incidence(pd.DataFrame({"days": days, "what": what}), days=365.0, step=10.0)
    for code, (name, column) in enumerate(((REOFFENDED, "reoffended"), (IN_CUSTODY, "custody")), 1):
        codes = np.where(what == NEITHER, 0, np.where(what == name, code, 3 - code))
        fitter = lifelines.AalenJohansenFitter(calculate_variance=False)
        curve = fitter.fit(days, codes, event_of_interest=code).cumulative_density_.iloc[:, 0]
        theirs = [float(curve[curve.index <= day].iloc[-1]) for day in found["day"]]
        assert found[column].tolist() == pytest.approx(theirs, rel=1e-9)


def test_waits_load_and_starts_by_hand():
    assert waits(BY_HAND, "m") == [
        Wait(10.0, 30.0, "starts"),
        Wait(26.0, np.inf, "still waits"),
        Wait(60.0, 95.0, "gives up"),
    ]
    by_day = load(BY_HAND, "m").set_index("day")
    assert by_day.index.tolist() == list(range(51))
    assert by_day["served"][[0, 24, 25, 30, 40, 49, 50]].tolist() == [1, 1, 0, 1, 2, 2, 1]
    assert by_day["waiting"][[0, 10, 29, 30, 50]].tolist() == [0, 1, 2, 1, 1]
    found = mean_waits(BY_HAND, "m", step=30.0)
    assert found["day"].tolist() == [0.0, 30.0]
    assert found["starts"].tolist() == [0, 2]
    assert found["mean"][1] == found["longest"][1] / 2 == 10.0
    assert found.iloc[0][["mean", "longest"]].isna().all()


def test_status_by_hand():
    seen = status_at(BY_HAND, MOMENTS)
    custody, licence, order, free = STATUSES
    assert seen.to_numpy().tolist() == [
        [free, free, free],
        [custody, licence, licence],
        [order, order, free],
        [custody, custody, custody],
    ]
    first, _ = moves(BY_HAND)
    assert first.sum() == 4.0
    assert first[0].tolist() == [1.0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("log", "service", "message"),
    [
        ("events.csv", "m", "a table of events"),
        (BY_HAND.drop(columns="time"), "m", "lacks columns of an event log"),
        (BY_HAND, "mm", "has no event in the log; did you mean 'm'"),
    ],
)
def test_what_is_no_log_or_service_is_refused(log, service, message):
    with pytest.raises(ps.InputError, match=message):
        ps.plot.load(log, service)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.load(file)


@pytest.fixture(scope="module")
def events(town):
    return event_log(town)


def test_the_curve_ends_at_the_rate_of_the_same_replication(town, events):
    """Nobody goes into custody there, and all that is committed is proven at once."""
    run = ps.run(town, draws=0, replications=1)
    rate = run.table(group="all").set_index("outcome")["mean"]["proven_reoffending_rate"]
    last = incidence(first_events(events, days=365.0), days=365.0).iloc[-1]
    assert last["custody"] == 0.0
    assert last["reoffended"] == pytest.approx(rate, rel=EXACT)


def test_the_load_is_that_of_the_run(town, events):
    run = ps.run(town, draws=0, replications=1).table(group="all").set_index("outcome")["mean"]
    served = load(events, "mentor")["served"]
    assert served.max() == 4.0
    assert served.mean() / 4.0 == pytest.approx(run["service.mentor.utilisation"], abs=0.01)
    assert load(events, "mentor")["waiting"].mean() == pytest.approx(
        run["service.mentor.mean_queue"], rel=0.02
    )


def test_the_curves_are_those_of_the_table(events):
    axes = axes_for(draw_reoffending, BY_HAND)
    chart = reoffending_chart(BY_HAND)
    days, shares = points(axes, "reoffended")
    assert [(f"{x:g}", f"{y:.1%}") for x, y in zip(days, shares, strict=True)] == [
        row[:2] for row in chart.rows
    ]
    assert [f"{y:.1%}" for y in points(axes, "custody")[1]] == [row[2] for row in chart.rows]
    assert chart.title == "33% reoffend within 365 days"
    assert axes.get_ylim()[0] == 0.0


def test_the_areas_are_those_of_the_table(town, events):
    axes = axes_for(draw_load, events, "mentor", scenario=town)
    chart = load_chart(events, "mentor", scenario=town)
    (served,), (waiting,) = marked(axes, "served"), marked(axes, "waiting")
    top = {x: y for x, y in served.get_paths()[0].vertices if y > 0}
    for day, inside, _ in chart.rows:
        assert top.get(float(day), 0.0) == float(inside)
    highest = waiting.get_paths()[0].vertices[:, 1].max()
    assert highest == max(float(row[1]) + float(row[2]) for row in chart.rows)
    assert axes.get_ylim()[0] == 0.0
    assert "4 places" in chart.subtitle
    assert chart.title.startswith("'Mentor' has ")


def test_the_bars_of_waits_are_those_of_the_table(events):
    axes = axes_for(draw_waits, BY_HAND, "m")
    heights = [bar.get_height() for bar in axes.patches]
    assert heights[1] == 10.0
    assert axes.get_ylim()[0] == 0.0
    assert waits_chart(BY_HAND, "m").rows == (
        ("0", "0", "\N{EN DASH}", "\N{EN DASH}"),
        ("30", "2", "10.0", "20.0"),
    )
    assert waits_chart(BY_HAND, "m").title == "Those who start 'm' have waited 10 days"


def test_the_lines_of_a_queue_are_those_of_the_table(events):
    chart = queue_chart(events, "mentor")
    axes = axes_for(draw_queue, events, "mentor")
    lines = marked(axes, "wait")
    assert len(lines) == len(chart.rows) <= MOST
    for row, line in zip(chart.rows, lines, strict=True):
        begin, end = line.get_xdata()
        assert f"{begin:,.1f}" == row[1]
        assert row[3] == "still waits" or f"{end:,.1f}" == row[2]
        assert list(line.get_ydata()) == [int(row[0])] * 2


def test_the_bands_of_a_flow_are_as_wide_as_the_shares():
    axes = axes_for(draw_flow, BY_HAND)
    bands = marked(axes, "band")
    chart = flow_chart(BY_HAND)
    assert len(bands) == len(chart.rows)
    for row, band in zip(chart.rows, bands, strict=True):
        corners = band.get_path().vertices
        assert corners[7, 1] - corners[0, 1] == pytest.approx(float(row[3]) / 4.0)
    assert chart.title == "50% are not supervised a year after entry"
    assert "in custody, 50%" in texts_of(chart)


@pytest.mark.parametrize(("draw", "chart", "more"), CHARTS)
def test_texts_lie_on_nothing_and_titles_are_short(draw, chart, more):
    axes = axes_for(draw, BY_HAND, *more)
    assert overlaps(axes.figure) == []
    assert outside(axes.figure) == []
    found = chart(BY_HAND, *more)
    assert len(found.title.split()) <= 10
    assert found.subtitle.endswith(("the scenario of the log", "people"))
    assert all(len(text) <= 50 for text in texts_of(found))
    assert "$" not in found.svg


@pytest.mark.parametrize(("draw", "chart", "more"), CHARTS)
def test_a_log_in_which_nobody_is_counted_is_drawn(draw, chart, more):
    log = BY_HAND[BY_HAND["person"] == "warm-up:a"]
    assert overlaps(axes_for(draw, log, *more).figure) == []
    assert chart(log, *more).title
