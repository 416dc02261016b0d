"""What is read into a table of people, what is assumed of it, and in which units it may be."""

import re
import time
import tracemalloc
import warnings

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.people import Cohort
from pathsim.people.columns import COLUMNS, FLAGS, LATEST_START_DAY, NEED_COLUMNS, NUMBERS
from pathsim.people.hints import advice, meant
from pathsim.people.usual import _mixed, odd

PEOPLE = 40


def people(**changes):
    custody = np.arange(PEOPLE) % 2 == 0
    columns = {
        "id": np.arange(PEOPLE),
        "age": 30,
        "sex": "male",
        "ethnicity": "white",
        "area": "bcp",
        "offence_group": "theft",
        "previous_offences": 3,
        "age_at_first_sanction": 20,
        "disposal": np.where(custody, "custody", "fine"),
        "sentence_days": np.where(custody, 200.0, 0.0),
        **dict.fromkeys(FLAGS, False),
    }
    kept = {key: value for key, value in (columns | changes).items() if value is not None}
    return pd.DataFrame(kept, index=range(PEOPLE))


def warned(table):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = Cohort.from_frame(table).frame
    return [str(each.message) for each in caught], frame


def refused(table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(ps.InputError) as caught:
            Cohort.from_frame(table)
    return [str(problem) for problem in caught.value.problems]


def test_a_whole_table_is_read_without_a_word():
    assert warned(people())[0] == []


ASSUMED = "the table: assumed, where nothing is given: "


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        (["ethnicity"], "ethnicity: other for everybody"),
        (["domestic_abuse"], "domestic_abuse: no for everybody"),
        (NEED_COLUMNS, "needs: nobody has any"),
        (
            ["age_at_first_sanction"],
            "age_at_first_sanction: guessed for everybody from age and previous_offences, and "
            "OGRS3 rests on it, as no risk is given",
        ),
    ],
)
def test_a_column_that_is_left_out_is_said_with_what_is_assumed(left_out, words):
    assert warned(people(**dict.fromkeys(left_out)))[0] == [ASSUMED + words]
    empty = warned(people(**dict.fromkeys(left_out, "")))[0]
    assert empty == [ASSUMED + words]


def test_cells_that_are_left_out_are_counted():
    some = np.where(np.arange(PEOPLE) < 3, "", "yes")
    said, frame = warned(people(need_health=some, ethnicity=["NA", *["white"] * (PEOPLE - 1)]))
    assert said == [
        "the table: read with care: ethnicity: 'NA' as empty",
        f"{ASSUMED}ethnicity: other for 1 of 40 people; need_health: no for 3 of 40 people",
    ]
    assert frame["need_health"].sum() == PEOPLE - 3
    assert frame["ethnicity"][0] == "other"


def test_needs_that_are_half_given_are_refused():
    assert refused(people(need_family=None, need_health=None)) == [
        "needs: half given: need_health, need_family missing; give all seven, with no where "
        "nobody has the need, or none of them"
    ]


@pytest.mark.parametrize(
    ("column", "word", "level"),
    [
        ("sex", "M", "male"),
        ("sex", " Female ", "female"),
        ("sex", "(2) FEMALE", "female"),
        ("ethnicity", "White British", "white"),
        ("ethnicity", "White and Black Caribbean", "mixed"),
        ("ethnicity", "W1 - White British", "white"),
        ("ethnicity", "Not stated", "other"),
        ("offence_group", "01: Violence against the person", "violence"),
        ("offence_group", "Summary non-motoring", "summary_non_motoring"),
        ("offence_group", "Public Order Offences", "public_order"),
        ("disposal", "Community Order", "community_order"),
        ("disposal", "Conditional discharge", "discharge"),
        ("need_health", "Y", True),
        ("domestic_abuse", "N", False),
    ],
)
def test_common_words_are_read_as_levels_with_a_note(column, word, level):
    extra = {"sentence_days": 0.0, "disposal": "fine"} | {column: word}
    said, frame = warned(people(**extra))
    meant_as = {True: "yes", False: "no"}.get(level, level)
    assert said == [f"the table: read with care: {column}: {word!r} as {meant_as}"]
    assert (frame[column] == level).all()


def test_headers_in_other_cases_are_read_with_a_note():
    said, frame = warned(people().rename(columns={"age": " Age ", "offence_group": "offenceGroup"}))
    read = "' Age ' as age, 'offenceGroup' as offence_group"
    assert said == [f"the table: read with care: columns read: {read}"]
    assert (frame["age"] == 30).all()


def test_codes_without_labels_are_not_guessed():
    assert refused(people(sex="1")) == [
        "sex: unknown level in 40 rows: 0, 1, 2, …; values: '1' (40); numbers are not read as "
        "levels: write the level; allowed: male, female"
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"risk_one_year_percent": 0.35}, "the largest is 0.35 percent"),
        ({"risk_two_year_percent": np.linspace(0, 1, PEOPLE)}, "the median is 0.5128 percent"),
        ({"sentence_days": np.where(np.arange(PEOPLE) % 2 == 0, 9, 0)}, "the median is 9 days"),
        ({"sentence_days": np.where(np.arange(PEOPLE) % 2 == 0, 48, 0)}, "quantile is 48 days"),
        ({"previous_offences": 300}, "the median is 300 occasions"),
    ],
)
def test_numbers_in_another_unit_are_warned_of_with_the_likely_slip(changes, words):
    said = warned(people(**changes))[0]
    column = COLUMNS[next(iter(changes))]
    assert len(said) == 1
    assert said[0].startswith(f"the table: {column.name}: the ")
    assert words in said[0]
    slips = [text for usual in column.usual for text in (usual.if_low, usual.if_high) if text]
    assert said[0].endswith(tuple(slips))


@pytest.mark.parametrize("column", ["risk_one_year_percent", "risk_two_year_percent"])
def test_many_zeros_are_not_taken_for_another_unit(column):
    numbers = [*[0.0] * (PEOPLE // 2 + 1), *[30.0] * (PEOPLE - PEOPLE // 2 - 1)]
    assert warned(people(**{column: numbers}))[0] == [
        f"the table: {column}: the median is 0 percent, and is usually 1 to 95; is 0 written where "
        "nothing is known? leave those cells empty"
    ]


@pytest.mark.parametrize(
    ("column", "edges", "beyond", "others"),
    [
        ("age", (12, 60), (11, 61), {"age_at_first_sanction": 11, "previous_offences": 1}),
        ("previous_offences", (0, 40), (41,), {}),
        ("age_at_first_sanction", (10, 45), (46,), {"age": 50}),
        ("sentence_days", (30, 2000), (29, 2001), {"disposal": "custody"}),
        ("risk_two_year_percent", (1, 95), (0.5, 95.5), {}),
    ],
)
def test_a_median_is_odd_beyond_its_usual_range_and_not_at_its_edge(column, edges, beyond, others):
    def odd(number):
        # One person has an ordinary number, so that only the median is odd.
        numbers = [*[number] * (PEOPLE - 1), 200 if column == "sentence_days" else 20]
        said = warned(people(**others | {column: numbers}))[0]
        return [each for each in said if f"{column}: the median" in each]

    assert [odd(number) for number in edges] == [[]] * len(edges)
    for number in beyond:
        (said,) = odd(number)
        assert f"the median is {number:g} " in said


def test_what_is_said_of_a_table_is_told_at_the_line_that_gives_it():
    for table in (people(ethnicity=None), people(sex="M"), people(risk_one_year_percent=0.35)):
        with pytest.warns(ps.InputWarning) as caught:
            Cohort.from_frame(table)
        assert [each.filename for each in caught] == [__file__] * len(caught)


def test_shares_among_percentages_are_told_in_one_line():
    risks = np.where(np.arange(PEOPLE) % 2 == 0, 0.3, 30.0)
    assert warned(people(risk_one_year_percent=risks))[0] == [
        f"the table: risk_one_year_percent: {PEOPLE // 2} lie from 0.3 to 0.3, the others from 30 "
        "up; some look like shares between 0 and 1, not percent; multiply those by 100"
    ]


@pytest.mark.parametrize(
    "risks", [[0.4, 0.7, 0.9, 1.1, 1.6, 2.5, 4.0, 9.0], [0.8, 30, 30, 40], [0, 0, 30, 40]]
)
def test_a_few_people_of_a_very_low_risk_are_not_taken_for_shares(risks):
    column = COLUMNS["risk_two_year_percent"]
    assert odd(column, np.array(risks * 5 if len(risks) == 8 else risks, float)) == ""


@pytest.mark.parametrize(
    ("low", "high", "people", "told"),
    [
        ((0.2, 0.5), 1.0, 10, True),
        ((0.2, 0.5), 0.999, 10, False),  # those are shares too: there are no percentages
        ((0.2, 0.51), 1.01, 10, False),  # no gap of twice between them
        ((0.2, 0.51), 1.02, 10, True),
        ((0.2, 0.5), 30.0, 40, True),
        ((0.2, 0.5), 30.0, 41, False),  # fewer than a twentieth may be of a very low risk
        ((0.5,), 30.0, 3, False),  # and so may one
    ],
)
def test_shares_are_told_from_percentages_by_their_number_and_the_gap_between(
    low, high, people, told
):
    column = COLUMNS["risk_two_year_percent"]
    risks = np.array([*low, *[high] * (people - len(low))])
    assert bool(_mixed(column, np.sort(risks))) == told


def test_a_table_that_is_refused_still_says_what_is_odd_about_it():
    with (
        pytest.warns(ps.InputWarning, match="shares between 0 and 1"),
        pytest.raises(ps.InputError),
    ):
        Cohort.from_frame(people(risk_one_year_percent=0.35, need_health=None))


@pytest.mark.parametrize("column", NUMBERS)
def test_every_number_has_bounds_and_a_unit(column):
    assert COLUMNS[column].unit
    assert np.isfinite([COLUMNS[column].low, COLUMNS[column].high]).all()
    for wrong in (np.inf, 1e300, COLUMNS[column].high + 1, COLUMNS[column].low - 1, "never"):
        changes = {"disposal": "custody", "sentence_days": 90.0} | {column: wrong}
        assert refused(people(**changes))[0].startswith(f"{column}: ")


@pytest.mark.parametrize(
    ("column", "number", "slip"),
    [
        ("start_day", 45000, "a date of a spreadsheet"),
        ("sentence_days", 45000, "a date of a spreadsheet"),
        ("age", 1985, "a year of birth or a date"),
    ],
)
def test_a_date_or_a_year_is_refused_with_the_likely_slip(column, number, slip):
    (problem,) = refused(
        people(**{"disposal": "custody", "sentence_days": 90.0} | {column: number})
    )
    assert f"{column}: is out of range in 40 rows: 0, 1, 2, …; this looks like {slip}" in problem


def test_a_spreadsheets_days_of_this_century_are_beyond_the_latest_start():
    assert pd.Timestamp("2000-01-01") - pd.Timestamp("1899-12-30") > pd.Timedelta(
        LATEST_START_DAY, "D"
    )


def test_a_one_year_risk_above_the_two_year_risk_is_refused():
    (problem,) = refused(people(risk_one_year_percent=40.0, risk_two_year_percent=30.0))
    assert problem.startswith("risk_one_year_percent: is higher than the two-year risk in 40 rows")


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("previous", "previous_offences"),
        ("previous_offence", "previous_offences"),
        ("need_accomodation", "need_accommodation"),
        ("disposals", "disposal"),
        ("ethnicty", "ethnicity"),
        ("domestic", "domestic_abuse"),
    ],
)
def test_a_slip_of_a_column_is_hinted_at(name, column):
    assert meant(name, COLUMNS) == column


@pytest.mark.parametrize(
    "name",
    [
        *("sentence_months", "sentence_years", "sentence", "sentence_date", "start_date", "start"),
        *(
            "age_group",
            "age_band",
            "age_at_release",
            "sex_offender",
            "offence_code",
            "offence_date",
        ),
        *("risk_band", "risk", "one_year", "disposal_date", "total_sanctions", "area_code"),
        *("health", "employment", "drugs", "group", "treatment_group", "gender", "dateOfBirth"),
        *("totalNumberOfSanctionsForAllOffences", "Days to Return", "first_offence", "person_id"),
    ],
)
def test_a_hint_names_no_wrong_column(name):
    assert meant(name, COLUMNS) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sentence_months", "multiply by 30.44 and call it 'sentence_days'"),
        ("Sentence length (years)", "multiply by 365.25"),
        ("dateOfBirth", "dates are not read: give 'age' in whole years"),
        ("Age Band", "bands of ages are not read"),
        ("risk_share", "multiply a share by 100"),
        ("Release Type", "remove it"),
        ("Treatment Group", "remove it"),
        ("age_at_release", "remove it"),
    ],
)
def test_what_to_do_with_an_unknown_column_is_said(name, words):
    assert words in advice(name)


def test_many_bad_cells_are_one_short_problem():
    table = people().sample(200_000, replace=True, random_state=1).assign(id=range(200_000))
    bad = [f"level {n}" for n in range(200_000)]
    table = table.assign(sex=bad, age="x", need_health=bad, sentence_days=-1.0)
    begun = time.perf_counter()
    problems = refused(table)
    assert time.perf_counter() - begun < 10
    assert len(problems) == 4
    assert all(len(problem) < 400 for problem in problems)


def test_cells_that_are_no_plain_values_are_refused():
    lists = [[1, 2], *range(1, PEOPLE)]
    for column in ("id", "age", "sex", "need_health"):
        assert refused(people(**{column: pd.Series(lists, dtype=object)}))


@pytest.mark.parametrize("kind", ["category", "string", "object"])
def test_blanks_are_empty_whatever_the_type_of_a_column(kind):
    risks = np.where(np.arange(PEOPLE) < 3, " ", "40")
    frame = warned(people(risk_two_year_percent=pd.Series(risks, dtype=kind)))[1]
    assert (frame["risk_two_year_percent"] == 40).sum() == PEOPLE - 3
    ids = pd.Series([" ", *map(str, range(PEOPLE - 1))], dtype=kind)
    assert refused(people(id=ids)) == ["id: the id is empty (row 0)"]


def test_what_is_no_table_is_refused_with_what_is_allowed():
    with pytest.raises(ps.InputError, match="table: is not a table; found 'list'; allowed: a p"):
        Cohort.from_frame([{"id": 1}])
    with pytest.raises(ps.InputError, match="cohort: is not a cohort; found 'list'; allowed: "):
        Cohort.of([1])


def test_a_large_table_takes_some_hundred_bytes_a_person():
    table = people().sample(100_000, replace=True, random_state=1).assign(id=range(100_000))
    tracemalloc.start()
    Cohort.from_frame(table)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / len(table) < 1_000


SAID = {
    "id": "whole numbers or text, each once",
    "age": "10 to 110",
    "sex": "male, female",
    "area": "an id of `areas`, a title, or one of its `words`",
    "sentence_days": "0 to 36525",
    "need_health": "true, false, yes, no, 1, 0",
}


def test_what_a_cell_may_hold_is_said_for_every_kind_of_column():
    assert {name: COLUMNS[name].allowed() for name in SAID} == SAID
    assert {COLUMNS[name].kind for name in SAID} == {each.kind for each in COLUMNS.values()}


def test_no_name_is_given_twice():
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert all(re.fullmatch(r"[a-z_]+", name) for name in COLUMNS)
