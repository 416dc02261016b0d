"""Public cost at a marginal and an average price of custody, saved days filled by none or all."""

from __future__ import annotations

import math

import pytest

import pathsim as ps
from in_custody import DAY_PRICE, HALF, SHARE, TWENTY_IN_CUSTODY
from pathsim.cli.files import results_in, write_results
from pathsim.outcomes.names import CUSTODY_BOOK_OUTCOMES
from pathsim.present.report import report_html
from pathsim.present.rows import CUSTODY_BOOKS, custody_book_differences
from pathsim.present.table import comparison_tables

PENNY = 0.005
MARGINAL_0, MARGINAL_1, AVERAGE_0, AVERAGE_1 = CUSTODY_BOOK_OUTCOMES
TWENTY = f"""{TWENTY_IN_CUSTODY}
[custody]
release_point = {{ le6m = 1.0 }}

[costs]
custody_day_gbp = {{ hmpps = 42.35, police = 1.5, society = 9 }}
custody_average_day_gbp = {{ hmpps = 127 }}
"""
"""Twenty people serve a hundred days: at the margin 43.85 a day of public money, else 128.50."""


@pytest.fixture
def served(tmp_path):
    file = tmp_path / "custody.toml"
    file.write_text(TWENTY, encoding="utf-8")
    return ps.load(file)


def books(baseline, option, *, engine="kernel"):
    """Return each book of everybody: baseline, option, difference."""
    table = ps.compare(baseline, option, replications=2, engine=engine).table(group="all")
    table = table.set_index("outcome")
    columns = ["baseline_mean", "option_mean", "difference"]
    return {
        name: tuple(table.loc[name, columns]) for name in CUSTODY_BOOK_OUTCOMES if name in table.T
    }


def pounds(*amounts):
    return pytest.approx(amounts, abs=PENNY, rel=0)


@pytest.mark.parametrize("engine", ["kernel", "reference"])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_thousand_days_saved_by_hand(served, engine, share):
    option = served.change("Half served", HALF | {SHARE: share})
    assert books(served, option, engine=engine) == {
        MARGINAL_0: pounds(2000 * 43.85, 1000 * 43.85, -43_850),
        MARGINAL_1: pounds(2000 * 43.85, 2000 * 43.85, 0),
        AVERAGE_0: pounds(2000 * 128.5, 1000 * 128.5, -128_500),
        AVERAGE_1: pounds(2000 * 128.5, 2000 * 128.5, 0),
    }


def test_days_that_an_option_adds_are_paid_whoever_would_fill_saved_ones(served):
    half = served.change("Half served", HALF)
    added = books(half, half.change("All served", {"custody.release_point.le6m": 1.0}))
    assert [difference for *_, difference in added.values()] == [
        pytest.approx(pound, abs=PENNY) for pound in (43_850, 43_850, 128_500, 128_500)
    ]


def test_the_books_are_present_values_as_the_public_cost_is(served):
    rate = {"costs.discount_rate_percent": 3.5}
    baseline = served.change("Discounted", rate)
    found = books(baseline, baseline.change("Half served", HALF))
    a_day = math.log(1.035) / 365.25
    first, second = (
        (math.exp(-a_day * begin) - math.exp(-a_day * (begin + 50))) / a_day for begin in (0, 50)
    )
    assert found[AVERAGE_0] == pounds(
        20 * 128.5 * (first + second), 20 * 128.5 * first, -20 * 128.5 * second
    )
    assert found[MARGINAL_1][2] == pytest.approx(0, abs=PENNY)


def test_at_the_booked_price_the_books_are_the_public_cost_of_a_share_of_0_and_of_1(tmp_path):
    """People of a year, with offences, a court, lives cut by a horizon and a discount."""
    file = tmp_path / "busy.toml"
    file.write_text(TWENTY, encoding="utf-8")
    baseline = ps.load(file).change(
        "Busy",
        {
            "hazard.adult_level": 0.004,
            "sentencing.disposals": {"custody": 0.6, "fine": 0.4},
            "sentencing.custody_days": 60,
            "follow_up.horizon_days": 500,
            "costs.discount_rate_percent": 3.5,
            "costs.conviction_gbp": {"theft": {"courts_cps": 1000}},
        },
    )
    options = [baseline.change(f"Refill {s}", HALF | {SHARE: s}) for s in (0.0, 1.0)]
    dear = {DAY_PRICE: 127}
    pairs = (
        (baseline, options),
        (baseline.change("Dear", dear), [o.change("Dear", dear) for o in options]),
    )
    at_hand = books(baseline, options[0])
    for (first, filled), (none, every) in zip(
        pairs, ((MARGINAL_0, MARGINAL_1), (AVERAGE_0, AVERAGE_1)), strict=True
    ):
        for option, name in zip(filled, (none, every), strict=True):
            table = ps.compare(first, option, replications=2).table(group="all")
            cost = table.set_index("outcome").loc["cost_public"]
            expected = cost["baseline_mean"], cost["option_mean"], cost["difference"]
            assert at_hand[name] == pounds(*expected)


@pytest.mark.parametrize(
    ("booked", "found"),
    [("{ hmpps = 42, police = 1.5 }", [MARGINAL_0, MARGINAL_1]), ("{ society = 9 }", [])],
)
def test_without_an_average_price_there_are_two_books_and_without_a_price_none(
    tmp_path, booked, found
):
    text = TWENTY.partition("[costs]")[0] + f"[costs]\ncustody_day_gbp = {booked}\n"
    file = tmp_path / "alone.toml"
    file.write_text(text, encoding="utf-8")
    alone = ps.load(file)
    assert [*books(alone, alone.change("Half served", HALF))] == found


def test_a_price_that_changes_on_a_day_has_no_books(served):
    saving = served.change("Half served", HALF)
    assert books(served, saving.change("Dearer", {DAY_PRICE: 60}, from_day=30)) == {}
    assert books(served, saving.change("Filled", {SHARE: 1.0}, from_day=30))


def test_the_books_are_shown_where_days_in_custody_change(served, tmp_path):
    same = {"custody.release_point.over_4y": 0.5}
    options = [served.change("Half served", HALF), served.change("Others", same)]
    result = ps.compare(served, options, replications=2)
    shown, hidden = map(custody_book_differences, result.options)
    assert not hidden
    assert [(words.outcome, words.baseline, words.difference) for words in shown] == [
        ("marginal, £43.85 a day, refill 0", "£87,700", "-£43,850"),
        ("marginal, £43.85 a day, refill 1", "£87,700", "£0"),
        ("average, £128.5 a day, refill 0", "£257,000", "-£128,500"),
        ("average, £128.5 a day, refill 1", "£257,000", "£0"),
    ]
    heads = [cell for table in comparison_tables(result) for cell in first_cells(table)]
    assert heads.count(CUSTODY_BOOKS) == 1
    assert heads.count("  average, £128.5 a day, refill 1") == 1
    assert report_html(result).count(": public purse, by the price of a day in custody<") == 1
    assert result._repr_html_().count(f"<caption>{CUSTODY_BOOKS}") == 1
    with results_in(tmp_path / "out") as outbox:
        write_results(outbox, result)
    for name in ("summary.csv", "results.json"):
        assert AVERAGE_1 in (tmp_path / "out" / name).read_text(encoding="utf-8")


def first_cells(table):
    return [str(cell) for cell in table.columns[0].cells] if hasattr(table, "columns") else []
