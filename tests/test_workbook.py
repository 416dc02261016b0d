"""The workbook holds the figures of results.json, keeps the rules, and executes nothing."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest

from pathsim.outcomes.names import COSTS_SHOWN, HEADLINES
from pathsim.present.workbook import workbook
from pathsim.present.workbook.cells import figure, suppressed, text
from workbook_data import HEAD_ROW, little, opened, rows_of, told_of_town, with_text

DIGITS = 1e-15
"""XlsxWriter writes 16 significant digits."""
NASTY = (
    "=1+1",
    "@SUM(1)",
    "+1",
    "-1",
    "{=1+1}",
    "http://example.org",
    "mailto:a@b.c",
    "internal:'Run'!A1",
    "[here](http://example.org) and [there](http://example.org)",
    "$$npsv$$ and $$nothing$$",
    "<script>alert(1)</script>",
    "&lt;\x1b[31m\x00\u202e",
    "\u57ce\u5e02 \u2013",
    " ",
    "x" * 40_000,
)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    return told_of_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def book(told):
    return opened(workbook(told))


def same(cell, value):
    """Return whether a cell holds a value, or shorthand where there is none."""
    if value is None:
        return cell in ("[x]", "[z]")
    if isinstance(value, float | int):
        return cell == pytest.approx(value, rel=DIGITS, abs=0.0)
    return cell == text(value)


FIGURES = {
    "Baseline": "baseline",
    "Option's value": "option",
    "Difference": "difference",
    "Difference, low (95%)": "low",
    "Difference, high (95%)": "high",
    "Chance that it is better (%)": "probability_better",
    "Single years that are better (%)": "share_of_years_better",
}


def refuse_other_figures(row, plain):
    for head, name in FIGURES.items():
        cell = row[head] if head in row else row[f"{head} (£)"]
        assert same(cell, plain[name]), (plain["outcome"], plain["group"], head)


def test_every_headline_and_every_cost_is_that_of_the_results(told, book):
    for label, names in (("Headline differences", HEADLINES), ("Costs by payer", COSTS_SHOWN)):
        rows = rows_of(book[label])
        wanted = [
            plain
            for option in told["options"]
            for name in names
            for plain in option["outcomes"]
            if plain["group"] == "all" and plain["outcome"] == name
            if label != "Costs by payer" or plain["baseline"] or plain["option"]
        ]
        assert len(rows) == len(wanted) > 8
        for row, plain in zip(rows, wanted, strict=True):
            refuse_other_figures(row, plain)


def test_every_outcome_and_group_is_there_with_its_figures(told, book):
    for number, option in enumerate(told["options"], start=1):
        rows = rows_of(book[f"Outcomes {number}"])
        wanted = [plain for plain in option["outcomes"] if plain["baseline"] or plain["option"]]
        titles = told["run"]["outcomes"]
        found = {(row["Outcome"], row["Attribute"], row["Level"]): row for row in rows}
        assert len(rows) == len(found) == len(wanted) > 200
        for plain in wanted:
            attribute, _, level = plain["group"].partition("=")
            group = (attribute, level) if level else ("everybody", "all")
            row = found[(text(titles[plain["outcome"]]["title"]), *group)]
            refuse_other_figures(row, plain)
            assert row["People in the group (number)"] == option["groups"][plain["group"]]


def test_costs_by_year_add_up_to_what_the_results_say(told, book):
    rows = rows_of(book["Costs by year"])
    for option in told["options"]:
        known = {row["outcome"]: row for row in option["outcomes"] if row["group"] == "all"}
        for who, said in (("public", "the public purse"), ("society", "society, not cash")):
            years = [known[f"cost_{who}_year_{year}"] for year in ("1", "2", "3", "later")]
            mine = [
                row for row in rows if (row["Option"], row["Who pays"]) == (option["title"], said)
            ]
            assert [row["Year"] for row in mine] == ["year 1", "year 2", "year 3", "later"]
            for row, plain in zip(mine, years, strict=True):
                refuse_other_figures(row, plain)


def test_value_payers_and_what_turns_the_answer_are_those_of_the_decision(told, book):
    decision = told["decision"]
    value = {(row["Option"], row["Measure"]): row for row in rows_of(book["Value for money"])}
    payers = iter(rows_of(book["Payers"]))
    turning = iter(rows_of(book["What turns the answer"]))
    knowing = iter(rows_of(book["Worth knowing"]))
    for option in decision["options"]:
        for said, name in (
            ("Net present social value", "npsv"),
            ("Gain of the public purse", "public"),
            ("Reoffences avoided of a year's people", "reoffences_avoided"),
        ):
            row = value[option["title"], said]
            parts = ("Value", "Low (95%)", "High (95%)", "Chance that it is above 0 (%)")
            for head, part in zip(
                parts, ("mean", "low", "high", "probability_above_0"), strict=True
            ):
                assert same(row[head], option[name][part])
        for said, name in (
            ("Benefit for each pound of cost", "bcr"),
            ("Of this, cash", "cashable"),
            ("Of this, time and places set free", "non_cashable"),
            ("Public cost of a reoffence avoided", "cost_per_reoffence_avoided"),
            ("Payback", "payback_years"),
            ("Equivalent annual value", "equivalent_annual_value"),
            ("Optimism bias by evidence graded", "optimism_bias_by"),
        ):
            assert same(value[option["title"], said]["Value"], option[name])
        for gain in option["by_payer"].values():
            assert same(next(payers)["Gain (£)"], gain)
        for each in option["switching"]:
            row = next(turning)
            assert row["Key"] == each["parameter"]
            assert row["Quantity"] == told["parameters"][each["parameter"]]
            assert same(row["Value at which it turns"], each["value"])
        for each in option["evppi"]:
            row = next(knowing)
            assert same(row["Worth (£)"], each["value"])
            assert same(row["Standard error (£)"], each["se"])
    assert not list(payers)
    assert not list(turning)
    assert same(next(knowing)["Worth (£)"], decision["evpi"]["value"])
    best = rows_of(book["Worth most"])
    assert {row["Option or baseline"]: row["Chance that it is worth most (%)"] for row in best} == {
        title: pytest.approx(chance, rel=DIGITS)
        for title, chance in decision["chance_best"].items()
    }
    for row, each in zip(
        rows_of(book["Best by willingness to pay"]), decision["frontier"], strict=True
    ):
        assert same(row["Best"], each["best"])
        assert same(row["Chance that it is best (%)"], each["chance"])
        assert same(row["Worth of knowing everything (£)"], each["evpi"])


def test_changes_effects_prices_and_the_run_are_told_with_source_and_grade(told, book):
    changes, effects = (iter(rows_of(book[label])) for label in ("What changes", "Effects"))
    for option in told["options"]:
        for change in option["about"]["changes"]:
            row = next(changes)
            assert row["In force"] == "always"
            told_in = ("title", "key", "before", "after", "grade", "source")
            heads = ("What", "Key", "Baseline", "Option's value", "Grade", "Source")
            assert all(
                same(row[head], change[name]) for head, name in zip(heads, told_in, strict=True)
            )
        for effect in option["about"]["effects"]:
            row = next(effects)
            heads = ("Ratio", "Low end of 95% interval", "High end of 95% interval", "Source")
            told_in = ("value", "low", "high", "source")
            assert all(
                same(row[head], effect[name]) for head, name in zip(heads, told_in, strict=True)
            )
    assert not [*changes, *effects]
    for row, price in zip(rows_of(book["Prices"]), told["prices"], strict=True):
        assert row["Key"] == price["key"]
        assert same(row["Value (£)"], price["value"])
        assert same(row["High end of 95% interval (£)"], price["high"])
        assert same(row["Source"], price["source"])
    run = {row["Item"]: row["Value"] for row in rows_of(book["Run"])}
    for name in ("version", "seed", "draws", "people", "inputs_sha256", "finished", "engine"):
        assert same(run[name], told["run"][name]), name
    assert run["source, sha256"] == told["run"]["source"]["sha256"]


def test_equality_is_that_of_the_decision_with_small_groups_suppressed(told):
    spoilt = deepcopy(told)
    group = spoilt["decision"]["options"][0]["equality"]["groups"][0]
    interval = {"mean": -0.02, "low": -0.03, "high": 0.01, "probability_above_0": 0.1}
    group |= {"change": interval, "beside_everybody": interval}
    group["starts"] = {"baseline": 3.5, "option": 7.0}
    row = rows_of(opened(workbook(spoilt))["Equality"])[0]
    assert row["Change of the reoffending rate (percentage points)"] == -0.02
    assert row["Beside everybody's, high end of 95% interval (points)"] == 0.01
    assert (row["Starts, baseline (number)"], row["Starts, option (number)"]) == (3.5, 7.0)
    assert row["People (number)"] == 400
    group["people"] = 9
    row = rows_of(opened(workbook(spoilt))["Equality"])[0]
    assert row["Starts, option (number)"] == row["People (number)"] == "[c]"


def test_equality_tells_no_group_that_would_tell_a_small_one(told):
    spoilt = little(told)
    groups = spoilt["decision"]["options"][0]["equality"]["groups"]
    interval = {"mean": -0.02, "low": -0.03, "high": 0.01, "probability_above_0": 0.1}
    known = groups[0] | {"change": interval, "beside_everybody": interval}
    small = {"change": None, "beside_everybody": None, "note": "fewer than 10 people"}
    groups[:] = [
        known | {"attribute": "age_band", "group": "age_band=10-14", "people": 9} | small,
        known | {"attribute": "age_band", "group": "age_band=15-17", "people": 40},
        known | {"attribute": "age_band", "group": "age_band=18-20", "people": 351},
    ]
    rows = rows_of(opened(workbook(spoilt))["Equality"])[:3]
    assert [(row["Attribute"], row["Group"]) for row in rows] == [
        ("age", "10-14"),
        ("age", "15-17"),
        ("age", "18-20"),
    ]
    assert [row["People (number)"] for row in rows] == ["[c]", "[c]", 351]
    change = "Change of the reoffending rate (percentage points)"
    assert [isinstance(row[change], float) for row in rows] == [False, False, True]


def test_small_groups_and_what_would_tell_them_are_suppressed():
    assert suppressed({"all": 400, "sex=female": 9, "sex=male": 391}) == {"sex=female", "sex=male"}
    assert suppressed({"area=a": 3, "area=b": 4, "area=c": 90}) == {"area=a", "area=b"}
    assert suppressed({"area=a": 3, "area=b": 20, "area=c": 90}) == {"area=a", "area=b"}
    assert suppressed({"area=a": 10, "area=b": 20, "area=c": 0}) == set()
    assert suppressed({"all": 5}) == set()


def test_a_small_group_has_no_figure_in_the_workbook(told):
    spoilt = deepcopy(told)
    option = spoilt["options"][0]
    option["groups"] |= {"sex=male": 9}
    rows = rows_of(opened(workbook(spoilt))["Outcomes 1"])
    hidden = [row for row in rows if row["Attribute"] == "sex"]
    assert hidden
    for row in hidden:
        assert {row[head] for head in FIGURES} == {"[c]"}
        assert row["People in the group (number)"] == "[c]"


def test_the_rules_of_sheets(told, book):
    assert book.properties.title == "Options beside Town"
    assert book.properties.language == "en-GB"
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    names = [name for sheet in book for name in sheet.tables]
    assert len(names) == len(set(names)) == len(book.sheetnames) - 1
    for sheet in book:
        assert len(sheet.title) <= 31
        assert isinstance(sheet["A1"].value, str)
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert sheet.sheet_state == "visible"
        hidden = [*sheet.row_dimensions.values(), *sheet.column_dimensions.values()]
        assert not any(each.hidden for each in hidden)
        fonts = {(cell.font.name, cell.font.sz) for row in sheet for cell in row if cell.value}
        assert {name for name, _ in fonts} == {"Arial"}
        assert min(size for _, size in fonts) == 12
        if sheet.title == "Cover":
            continue
        (table,) = sheet.tables.values()
        assert table.ref == f"A{HEAD_ROW}:{sheet.dimensions.partition(':')[2]}"
        assert table.headerRowCount == 1
        assert table.autoFilter is None
        cells = [cell.value for row in sheet.iter_rows(min_row=HEAD_ROW) for cell in row]
        assert None not in cells
        assert "" not in cells


def test_notes_are_numbered_and_each_is_referred_to(book):
    numbers = [row["Note number"] for row in rows_of(book["Notes"])]
    assert numbers == list(range(1, len(numbers) + 1))
    heads = [str(cell.value) for sheet in book for row in sheet.iter_rows(max_row=HEAD_ROW)
             for cell in row]  # fmt: skip
    found = {int(each) for head in heads for each in re.findall(r"\[note (\d+)\]", head)}
    assert found == set(numbers)


def test_contents_list_every_sheet_and_link_to_it(book):
    links = {cell.value: cell.hyperlink.location for (cell,) in
             book["Contents"].iter_rows(min_row=HEAD_ROW + 1, max_col=1)}  # fmt: skip
    assert list(links) == book.sheetnames[2:]
    assert all(place == f"'{label}'!A1" for label, place in links.items())


@pytest.mark.parametrize("said", NASTY, ids=lambda said: ascii(said)[:20])
def test_text_becomes_no_formula_and_no_link(told, said):
    file = workbook(with_text(little(told), said))
    for sheet in opened(file):
        for row in sheet:
            for cell in row:
                assert cell.data_type in ("s", "n"), cell
                assert not cell.hyperlink or sheet.title == "Contents"
                assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", str(cell.value))
    run = {row["Item"]: row["Value"] for row in rows_of(opened(file)["Run"])}
    assert run["people_from"] == text(said)
    if said in NASTY[:8]:
        assert text(said) == said


def test_the_same_results_are_the_same_bytes(told):
    first = workbook(told)
    assert workbook(deepcopy(told)) == first
    changed = deepcopy(told)
    changed["run"]["seed"] += 1
    assert workbook(changed) != first


def test_without_states_there_are_no_sheets_of_a_decision(told):
    plain = {name: part for name, part in told.items() if name not in ("decision", "prices")}
    plain["options"] = [
        {name: part for name, part in option.items() if name != "about"}
        for option in told["options"]
    ]
    labels = opened(workbook(plain)).sheetnames
    assert labels == [
        *("Cover", "Contents", "Notes", "Headline differences", "Costs by payer", "Costs by year"),
        *("Load and waits", "Outcomes 1", "Outcomes 2", "Run"),
    ]


def test_a_table_without_rows_has_no_sheet(told):
    spoilt = little(told)
    option = spoilt["options"][0]
    option["outcomes"] = [
        row for row in option["outcomes"] if not row["outcome"].startswith("service.")
    ]
    for decided in spoilt["decision"]["options"]:
        decided["switching"] = []
    labels = opened(workbook(spoilt)).sheetnames
    assert "Load and waits" not in labels
    assert "What turns the answer" not in labels
    assert "Outcomes 1" in labels


def test_what_a_cell_holds():
    assert figure(None) == "[x]"
    assert figure(None, otherwise="[z]") == "[z]"
    assert figure(True) == "yes"
    assert figure(0.1) == 0.1
    assert figure("=1") == "=1"
    assert text("") == "[z]"
    assert text("\u2013") == "text: \u2013"
