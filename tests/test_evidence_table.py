"""The evidence table: what is shipped is whole, and what is wrong with a table is told."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.scenario.evidence.table import COLUMNS, evidence_table, read_table

FILE = Path("probe.csv")
GOOD = {
    "id": "probe_ratio",
    "value": "0.75",
    "unit": "ratio",
    "kind": "lognormal",
    "low": "0.6",
    "high": "0.94",
    "population": "England and Wales",
    "period": "2022",
    "publisher": "Ministry of Justice",
    "title": "A report",
    "year": "2025",
    "locator": "table 1",
    "address": "https://example.org/report",
    "grade": "matched",
    "price_year": "",
    "review": "2027-11-22",
}


def text_of(*rows: dict[str, str]) -> str:
    lines = [",".join(COLUMNS), *(",".join(row[key] for key in COLUMNS) for row in rows)]
    return "\n".join(lines) + "\n"


def problems_of(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_table({FILE: text})
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_table_is_whole() -> None:
    table = evidence_table()
    assert len(table) >= 150
    assert {"target_adult_ew", "gps_licence_tag_ratio", "caution_gbp"} <= set(table)


def test_the_shipped_table_points_at_public_places_only() -> None:
    for row in evidence_table().values():
        told = f"{row.citation} {row.address}"
        assert not re.search(r"seeds/|file:|localhost|\.txt\b|/tmp/", told), row.id


def test_every_price_of_the_shipped_table_is_at_the_same_prices() -> None:
    years = {row.price_year for row in evidence_table().values() if row.unit.startswith("gbp")}
    assert years == {"2021/22"}


def test_a_row_cites_publisher_title_year_and_place() -> None:
    row = read_table({FILE: text_of(GOOD)})["probe_ratio"]
    assert row.citation == "Ministry of Justice, A report, 2025: table 1"


def test_a_row_is_overdue_after_its_date_of_review_and_not_on_it() -> None:
    row = read_table({FILE: text_of(GOOD)})["probe_ratio"]
    assert not row.overdue(date(2027, 11, 22))
    assert row.overdue(date(2027, 11, 23))


def test_a_row_holds_what_lies_in_its_interval() -> None:
    row = read_table({FILE: text_of(GOOD)})["probe_ratio"]
    assert [row.holds(value) for value in (0.59, 0.6, 0.94, 0.95)] == [False, True, True, False]
    fixed = GOOD | {"kind": "fixed", "low": "", "high": ""}
    assert read_table({FILE: text_of(fixed)})["probe_ratio"].holds(0.75)
    assert not read_table({FILE: text_of(fixed)})["probe_ratio"].holds(0.76)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "1.2"}, "probe.csv:2: probe_ratio.value: is outside its own interval, 0.6 to"),
        ({"low": "2"}, "probe.csv:2: probe_ratio.low: is above high, 0.94; found '2'"),
        ({"value": "much"}, "probe.csv:2: probe_ratio.value: is not a number; found 'much'"),
        ({"grade": ""}, "probe.csv:2: probe_ratio.grade: is missing"),
        ({"grade": "rumour"}, "probe.csv:2: probe_ratio.grade: is not one of official, rct"),
        ({"kind": "cauchy"}, "probe.csv:2: probe_ratio.kind: is not one of fixed, normal"),
        ({"publisher": ""}, "probe.csv:2: probe_ratio.publisher: is missing"),
        ({"low": ""}, "probe.csv:2: probe_ratio.low: needs an interval, low and high"),
        ({"kind": "fixed"}, "probe.csv:2: probe_ratio.kind: is fixed, so it has no interval"),
        ({"unit": "gbp"}, "probe.csv:2: probe_ratio.price_year: must be the year of the prices"),
        ({"review": "soon"}, "probe.csv:2: probe_ratio.review: is not a date"),
        ({"address": "seeds/4.txt"}, "probe.csv:2: probe_ratio.address: is not a public address"),
        (
            {"kind": "fixed", "low": "", "high": "", "grade": "assumed"},
            "probe.csv:2: probe_ratio.low: needs an interval",
        ),
    ],
)
def test_a_wrong_row_is_told_by_file_line_and_column(change: dict[str, str], message: str) -> None:
    (problem,) = problems_of(text_of(GOOD | change))
    assert problem.startswith(message)


def test_an_id_is_unique_over_all_files() -> None:
    with pytest.raises(InputError, match=r"two\.csv:2: probe_ratio\.id: is used twice"):
        read_table({Path("one.csv"): text_of(GOOD), Path("two.csv"): text_of(GOOD)})


def test_other_columns_and_too_many_cells_are_refused() -> None:
    assert problems_of("id,value\n")[0].startswith("probe.csv:1: has other columns; allowed: id,")
    assert problems_of(text_of(GOOD).rstrip() + ",more\n") == ["probe.csv:2: has too many cells"]
