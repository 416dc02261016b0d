"""Charts of decisions, sensitivities, sweeps, portfolios and lives: marks, tables and texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from charted import axes_for, marked, outside, overlaps, points, texts_of
from pathsim.decision.acceptability import Acceptability
from pathsim.decision.sentence import PAYER_NAMES
from pathsim.decision.spells import CUSTODY, REOFFENCE, SERVED, WAITS, Spell, spells
from pathsim.decision.stories import Story
from pathsim.engine.contract import Event
from pathsim.present.charts.acceptability import acceptability_chart, draw_acceptability
from pathsim.present.charts.cost_by_year import cost_by_year_chart, costs_of, draw_cost_by_year
from pathsim.present.charts.evppi import draw_evppi, evppi_chart
from pathsim.present.charts.frontier import draw_frontier, frontier_chart
from pathsim.present.charts.life import draw_life, life_chart
from pathsim.present.charts.plane import draw_plane, plane_chart, points_of
from pathsim.present.charts.sweep import draw_sweep, sweep_chart
from pathsim.present.charts.texts import pounds
from pathsim.present.charts.tornado import draw_tornado, tornado_chart
from priced_town import priced_town, with_more, with_some

HOW = {"draws": 32, "replications": 2, "seed": 3}
KEY = "services.mentor.capacity"
LONG = "An option of many words that costs $5 & <b>more</b> than $4, " * 3


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def compared(town):
    return ps.compare(town, [with_more(town), with_some(town)], **HOW)


@pytest.fixture(scope="module")
def decision(compared):
    return ps.decide(compared)


@pytest.fixture(scope="module")
def sensitive(compared):
    return ps.sensitivity(compared)


@pytest.fixture(scope="module")
def swept(town):
    return ps.sweep(town, KEY, [4, 12, 20, 28], **HOW)


@pytest.fixture(scope="module")
def portfolio(town):
    return ps.portfolio(town, {KEY: [8, 12]}, budget=40_000.0, **HOW)


@pytest.fixture(scope="module")
def explained(town):
    return ps.explain(town, with_some(town), replications=2)


def titled(decision, title):
    """Return a decision whose options have another title."""
    options = tuple(
        replace(each, option=replace(each.option, request=each.option.request._replace(
            title=f"{title}{k}")))
        for k, each in enumerate(decision.options)
    )  # fmt: skip
    return replace(decision, options=options)


def many(decision, number):
    """Return a decision with as many options, the first again and again."""
    shape = (len(decision.frontier.thresholds), number + 1)
    chances = np.full(shape, 1.0 / (number + 1))
    found = decision.frontier
    frontier = Acceptability(found.thresholds, chances, found.best * 0, chances[:, 0], found.evpi)
    options = tuple(decision.options[0] for _ in range(number))
    return replace(decision, options=options, frontier=frontier)


def flat(decision):
    """Return a decision in which nothing is paid or gained by anybody."""
    options = []
    for each in decision.options:
        held = each.appraisal
        nothing = {name: values * 0.0 for name, values in held.gain.items()}
        appraisal = replace(
            held,
            gain=nothing,
            gain_by_year={name: values * 0.0 for name, values in held.gain_by_year.items()},
            discounted_reoffences_avoided=held.discounted_reoffences_avoided * 0.0,
        )
        options.append(replace(each, appraisal=appraisal, evppi=()))
    return replace(decision, options=tuple(options))


def test_a_point_of_the_plane_is_a_state_of_the_world(decision):
    axes = axes_for(draw_plane, decision)
    effects, costs = points_of(decision)
    for k in range(2):
        (states,) = marked(axes, f"states-{k}")
        drawn = np.asarray(states.get_offsets())
        assert drawn.shape == (32, 2)
        assert np.allclose(drawn, np.column_stack([effects[:, k], costs[:, k]]))
        x, y = points(axes, f"mean-{k}")
        row = plane_chart(decision).rows[k]
        assert row[1:3] == (f"{x[0]:,.1f}", pounds(y[0]))
        right = int((drawn[:, 0] > 0).sum())
        assert right * 100 / 32 == pytest.approx(
            sum(float(share.rstrip("%")) for share in row[3:5]), abs=1.01
        )
    expected = decision.options[0].appraisal.expected
    assert effects[:, 0].mean() == pytest.approx(float(expected.discounted_reoffences_avoided))
    assert costs[:, 0].mean() == pytest.approx(float(expected.net_public_cost))


def test_the_curves_of_acceptability_are_those_of_the_table(decision):
    axes = axes_for(draw_acceptability, decision)
    chart = acceptability_chart(decision)
    for k in range(3):
        prices, chances = points(axes, f"chance-{k}")
        assert [pounds(x) for x in prices] == [row[0] for row in chart.rows]
        assert [f"{y:.0%}" for y in chances] == [row[1 + k] for row in chart.rows]
    titles = ["Baseline: Town", "More mentors", "Some mentors"]
    assert [row[-1] for row in chart.rows] == [titles[k] for k in decision.frontier.best]
    assert points(axes, "frontier")[1] == decision.frontier.frontier.tolist()
    low, high = axes.get_ylim()
    assert low < 0.0
    assert high > 1.0


def test_the_bars_of_costs_add_up_to_the_appraisals(decision):
    axes = axes_for(draw_cost_by_year, decision)
    costs = costs_of(decision.options[0])
    chart = cost_by_year_chart(decision)
    bars = iter(axes.patches)
    total = 0.0
    for column, name in enumerate(costs, 1):
        heights = [next(bars).get_height() for _ in chart.rows]
        assert heights == pytest.approx(costs[name].tolist())
        assert [pounds(round(each)) for each in heights] == [row[column] for row in chart.rows]
        assert chart.heads[column] == PAYER_NAMES[name]
        total += sum(heights)
    net = float(decision.options[0].appraisal.expected.net_public_cost)
    assert total == pytest.approx(net, rel=1e-6)
    assert axes.get_ylim()[0] <= 0.0 <= axes.get_ylim()[1]


def test_bars_stand_on_those_of_their_side(decision):
    axes = axes_for(draw_cost_by_year, decision)
    tops = {}
    for bar in axes.patches:
        side = (round(bar.get_x(), 6), bar.get_height() >= 0)
        assert bar.get_y() == pytest.approx(tops.get(side, 0.0))
        tops[side] = bar.get_y() + bar.get_height()


def test_the_bars_of_a_tornado_end_where_the_table_says(sensitive):
    axes = axes_for(draw_tornado, sensitive)
    chart = tornado_chart(sensitive)
    table = sensitive.options[0].moved.tornado
    mean = sensitive.options[0].moved.mean
    for end in ("at_low", "at_high"):
        drawn = [bar.get_x() + bar.get_width() for bar in axes.patches if bar.get_gid() == end]
        assert drawn == pytest.approx(table[end].tolist())
    assert set(points(axes, "mean")[0]) == {mean}
    assert [row[0] for row in chart.rows] == table["input"].tolist()
    told = axes.xaxis.get_major_formatter()
    assert [row[3] for row in chart.rows] == [told(number) for number in table["at_low"]]
    turning = int(table["turns"].sum())
    assert chart.title.startswith(str(turning) if turning else "No single quantity")


def test_a_tornado_of_a_rate_has_points(compared):
    found = ps.sensitivity(compared, outcome="proven_reoffending_rate")
    chart = tornado_chart(found)
    row = found.options[0].moved.tornado.iloc[0]
    assert chart.rows[0][3] == f"{100 * row['at_low']:,.3g}"
    assert chart.subtitle.startswith("Proven reoffending rate, More mentors less baseline")


def test_the_bars_of_evppi_are_those_of_the_table(decision):
    worths = decision.options[0].evppi
    assert worths
    axes = axes_for(draw_evppi, decision)
    drawn = [bar.get_width() for bar in axes.patches if bar.get_gid() == "worth"]
    assert drawn == [each.pounds for each in worths]
    chart = evppi_chart(decision)
    assert [row[1] for row in chart.rows] == [pounds(round(each)) for each in drawn]
    assert axes.get_xlim()[0] == 0.0
    low, high = points(axes, "interval")[0][:2]
    assert high - drawn[0] == pytest.approx(1.959964 * worths[0].se)
    assert 0.0 <= low <= drawn[0]


def test_a_sweep_has_the_band_of_the_table(swept):
    axes = axes_for(draw_sweep, swept)
    rows = swept.table[swept.table["outcome"] == "reoffences_total"]
    levels, middle = points(axes, "middle")
    assert levels == list(swept.levels)
    assert middle == rows["difference"].tolist()
    (band,) = marked(axes, "band")
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.tolist()}
    for row in rows.to_dict(orient="records"):
        if row["level"] != swept.baseline_level:
            assert {(row["level"], row["low"]), (row["level"], row["high"])} <= corners
    assert points(axes, "own") == ([4.0], [0.0])
    chart = sweep_chart(swept)
    assert [row[0] for row in chart.rows] == ["4", "12", "20", "28"]
    assert [row[2] for row in chart.rows] == [f"{y:+.0f}" if y else "0" for y in middle]


def test_a_sweep_of_a_share_is_in_points_and_of_an_unknown_outcome_refused(swept):
    axes = axes_for(draw_sweep, swept, "proven_reoffending_rate")
    rows = swept.table[swept.table["outcome"] == "proven_reoffending_rate"]
    assert points(axes, "middle")[1] == pytest.approx((100 * rows["difference"]).tolist())
    with pytest.raises(ps.InputError, match="did you mean 'cost_public'"):
        ps.plot.sweep(swept, "cost_publik")


def test_the_steps_of_a_portfolio_are_those_of_the_table(portfolio):
    axes = axes_for(draw_frontier, portfolio)
    spend, worth = points(axes, "mixes")
    assert spend == portfolio.mixes["spend"].tolist()
    assert worth == portfolio.mixes["worth"].tolist()
    assert points(axes, "steps")[1] == portfolio.frontier["worth"].tolist()
    chart = frontier_chart(portfolio)
    assert [row[2] for row in chart.rows] == portfolio.frontier["mix"].tolist()
    assert points(axes, "pick") == ([portfolio.pick.spend], [portfolio.pick.worth.mean])
    numbers = [each.get_text() for each in axes.texts if each.get_gid() == "step"]
    assert numbers == [row[0] for row in chart.rows]


def story(*events):
    return Story(*(np.array(column) for column in zip(*events, strict=True)))


def test_spells_of_a_story_by_hand():
    found = spells(
        story(
            (0.0, Event.START, 0),
            (0.0, Event.CUSTODY, 0),
            (5.0, Event.WAIT, 1),
            (9.0, Event.RELEASE, 3),
            (12.0, Event.SERVICE_START, 1),
            (15.0, Event.REOFFENCE, 2),
            (20.0, Event.SERVICE_DROP_OUT, 1),
            (21.0, Event.WAIT, 1),
            (25.0, Event.WITHDRAW, 1),
            (26.0, Event.CUSTODY, 1),
            (40.0, Event.END, 0),
        ),
        {1: "Mentor"},
    )
    assert found == [
        Spell(CUSTODY, 0.0, 9.0, ""),
        Spell(WAITS, 5.0, 12.0, "Mentor"),
        Spell(SERVED, 12.0, 20.0, "Mentor"),
        Spell(REOFFENCE, 15.0, 15.0, ""),
        Spell(WAITS, 21.0, 25.0, "Mentor"),
        Spell(CUSTODY, 26.0, 40.0, ""),
    ]


def test_a_life_is_drawn_as_its_table(explained):
    person = explained.people["person"][0]
    axes = axes_for(draw_life, explained, person)
    chart = life_chart(explained, person)
    bars = [bar for bar in axes.patches if bar.get_gid() in (CUSTODY, WAITS, SERVED)]
    told = [row for row in chart.rows if row[1] != REOFFENCE]
    assert sorted((bar.get_gid(), f"{bar.get_x():,.1f}", f"{bar.get_x() + bar.get_width():,.1f}")
                  for bar in bars) == sorted((row[1], *row[3:]) for row in told)  # fmt: skip
    offences = [f"{x:,.1f}" for x in points(axes, REOFFENCE)[0]]
    assert offences == [row[3] for row in chart.rows if row[1] == REOFFENCE]
    before, after = (explained.timeline(person)[side] for side in ("without", "with"))
    many = [side.str.startswith("reoffends").sum() for side in (before, after)]
    assert f"Without the option {many[0]} reoffence" in chart.words
    assert set(points(axes, "part")[0]) == {explained.life(person).day}
    with pytest.raises(ps.InputError, match="is nobody"):
        ps.plot.life(explained, "nobody")


CHARTS = (
    (draw_plane, plane_chart),
    (draw_acceptability, acceptability_chart),
    (draw_cost_by_year, cost_by_year_chart),
    (draw_evppi, evppi_chart),
)


@pytest.mark.parametrize(("draw", "chart"), CHARTS)
@pytest.mark.parametrize("change", [lambda d: d, lambda d: titled(d, LONG),
                                    lambda d: titled(d, "$x$ <i> \x1b"), flat])  # fmt: skip
def test_texts_of_decisions_lie_on_nothing(decision, draw, chart, change):
    changed = change(decision)
    axes = axes_for(draw, changed)
    assert overlaps(axes.figure) == []
    assert outside(axes.figure) == []
    found = chart(changed)
    assert len(found.title.split()) <= 10
    assert "\x1b" not in found.svg
    assert all(len(line) <= 60 for line in texts_of(found))


@pytest.mark.parametrize(("draw", "chart"), CHARTS)
def test_decisions_between_one_and_twenty_one_options_are_drawn(decision, draw, chart):
    for number in (1, 21):
        changed = titled(many(decision, number), "An option of the city ")
        axes = axes_for(draw, changed, size=(7.0, 12.0))
        assert overlaps(axes.figure) == []
        assert outside(axes.figure) == []
        assert len(chart(changed).title.split()) <= 10


def test_texts_of_the_others_lie_on_nothing(sensitive, swept, portfolio, explained):
    person = explained.people["person"][0]
    drawn = [
        (draw_tornado, tornado_chart, (sensitive,)),
        (draw_sweep, sweep_chart, (swept,)),
        (draw_sweep, sweep_chart, (swept, "cost_public")),
        (draw_sweep, sweep_chart, (swept, "service.mentor.mean_wait_days")),
        (draw_frontier, frontier_chart, (portfolio,)),
        (draw_life, life_chart, (explained, person)),
    ]
    for draw, chart, subject in drawn:
        axes = axes_for(draw, *subject)
        assert overlaps(axes.figure) == [], chart
        assert outside(axes.figure) == [], chart
        found = chart(*subject)
        assert len(found.title.split()) <= 10
        assert found.rows
        assert all(len(row) == len(found.heads) for row in found.rows)
        assert all(len(text) <= 50 for text in texts_of(found)), chart


def test_what_nothing_moves_is_said(sensitive):
    option = sensitive.options[0]
    still = replace(option.moved, tornado=option.moved.tornado.iloc[:0])
    none = replace(sensitive, options=(option._replace(moved=still),))
    assert tornado_chart(none).title == "No quantity is seen to move 'More mentors'"
    assert not overlaps(axes_for(draw_tornado, none).figure)


def test_an_undefined_level_is_left_out_of_a_sweep(swept):
    table = swept.table.copy()
    table.loc[table["level"] == 28.0, ["value", "difference", "low", "high"]] = np.nan
    part = replace(swept, table=pd.DataFrame(table))
    assert sweep_chart(part).rows[-1][1:4] == ("\N{EN DASH}",) * 3
    assert not overlaps(axes_for(draw_sweep, part).figure)
