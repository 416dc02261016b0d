"""A synthetic copy: what it keeps, whom it does not copy, and that it is addressed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from made_people import CANARY, cohort_of, made_table
from pathsim.cli.app import run_command_line
from pathsim.people.synthetic.counted import FEWEST, drawn, given, margin, mixed, pair
from pathsim.people.synthetic.numbers import between, by_level, means_of_tens
from pathsim.people.synthetic.statement import ALIKE, alone_in, in_both
from pathsim.people.synthetic.synthetic import LEAST_PEOPLE

ERRORS = 4.5
"""Standard errors of a share, of so many draws."""
DROPPED = 0.03
"""Share of people whose small cells are spread over others, which moves margins so far at most."""
AS_OFTEN = 1.25
"""Who is in the table has a double at most so often as who is not."""


@pytest.fixture(scope="module")
def people():
    return cohort_of(made_table(4000))


@pytest.fixture(scope="module")
def copy(people):
    return people.synthesise(seed=3)


@pytest.fixture(scope="module")
def copied(copy):
    return cohort_of(copy.table)


@pytest.mark.parametrize(
    "name",
    ["sex", "age_band", "disposal", "previous_offences", "offence_group", "risk_band", "ethnicity"],
)
def test_margins_are_kept(people, copied, name):
    shares = [each.groups()[name].value_counts(normalize=True) for each in (people, copied)]
    for level, share in shares[0].items():
        spread = ERRORS * np.sqrt(share * (1 - share) / len(people))
        assert shares[1][level] == pytest.approx(share, abs=spread + DROPPED * share + 0.002)


PAIRS = [("age_band", "sex"), ("previous_offences", "risk_band"), ("previous_offences", "disposal")]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_pairs_that_matter_are_kept(people, copied, one, other):
    tables = [
        pd.crosstab(each.groups()[one], each.groups()[other], dropna=False) / len(each)
        for each in (people, copied)
    ]
    spread = ERRORS * np.sqrt(tables[0] * (1 - tables[0]) / len(people))
    assert (abs(tables[0] - tables[1]) <= spread + DROPPED * tables[0] + 0.004).all(axis=None)
    # The pair is no product of its margins, or the test would say nothing.
    if one == "previous_offences" and other == "risk_band":
        alone = tables[0].sum(axis=1).to_numpy()[:, None] * tables[0].sum().to_numpy()
        assert (abs(alone - tables[1]) > 0.02).any(axis=None)


def test_needs_by_disposal_and_risk_within_its_band_are_kept():
    """Needs are made to hang on the disposal, two of them on each other."""
    table = made_table(4000)
    rng = np.random.default_rng(5)
    custody = (table["disposal"] == "custody").to_numpy()
    table["need_health"] = rng.uniform(size=4000) < np.where(custody, 0.7, 0.2)
    table["need_family"] = np.where(rng.uniform(size=4000) < 0.9, table["need_health"], False)
    original = cohort_of(table)
    found = original.synthesise(seed=1).table
    for held, share in ((custody, 0.7), (~custody, 0.2)):
        in_copy = (found["disposal"] == "custody") == held[custody.argmax()]
        assert found.loc[in_copy, "need_health"].mean() == pytest.approx(share, abs=0.04)
    assert found["need_family"].corr(found["need_health"]) > 0.75
    frames = original.frame, cohort_of(found).frame
    risks = [
        frame.groupby(pd.cut(frame["risk_two_year_percent"], [0, 50, 75, 90]), observed=True)[
            "risk_two_year_percent"
        ].mean()
        for frame in frames
    ]
    assert risks[0].to_numpy() == pytest.approx(risks[1].to_numpy(), abs=1.5)


def test_who_is_alone_has_a_double_no_more_often_than_who_is_not_in_the_table():
    """Half of a table is copied; the other half says how often chance alone makes a double."""
    everybody = made_table(6000, seed=8)
    inside, outside = everybody.iloc[:3000], everybody.iloc[3000:]
    names = list(ALIKE)
    alone = [
        alone_in(held, names) & ~in_both(held, other, names)
        for held, other in ((inside, outside), (outside, inside))
    ]
    cohort = cohort_of(inside)
    copies = [cohort.synthesise(seed=seed).table for seed in range(10)]
    rates = [
        np.mean([in_both(held[who], each, names).mean() for each in copies])
        for held, who in zip((inside, outside), alone, strict=True)
    ]
    assert min(who.sum() for who in alone) > 500
    assert rates[1] > 0.01
    assert rates[0] < AS_OFTEN * rates[1]


def test_a_copy_that_copies_would_be_found_out():
    """The same comparison, of a copy that holds a tenth of the rows themselves."""
    everybody = made_table(6000, seed=8)
    inside, outside = everybody.iloc[:3000], everybody.iloc[3000:]
    names = list(ALIKE)
    fake = pd.concat([cohort_of(inside).synthesise(seed=1).table[names], inside[names].iloc[:300]])
    rates = [
        in_both(held[alone_in(held, names) & ~in_both(held, other, names)], fake, names).mean()
        for held, other in ((inside, outside), (outside, inside))
    ]
    assert rates[0] > AS_OFTEN * rates[1]


def test_few_people_are_not_seen_and_no_extreme_is():
    table = made_table(2000)
    rare = np.arange(2000) < 5
    table.loc[rare, ["ethnicity", "offence_group"]] = ["asian", "sexual"]
    table.loc[rare, "age"] = 97
    table.loc[rare, "previous_offences"] = 400
    table.loc[rare, "disposal"] = "caution"
    table.loc[rare, "sentence_days"] = np.nan
    found = cohort_of(table).synthesise(seed=1).table
    assert "asian" not in set(found["ethnicity"])
    assert "sexual" not in set(found["offence_group"])
    assert "caution" not in set(found["disposal"])
    assert found["age"].max() < 97
    assert found["previous_offences"].max() < 400


def test_the_order_of_the_rows_and_the_ids_change_nothing(people, copy):
    table = made_table(4000)
    shuffled = table.sample(frac=1.0, random_state=1).assign(id=np.arange(4000))
    again = cohort_of(shuffled).synthesise(seed=3)
    pd.testing.assert_frame_equal(again.table, copy.table)
    assert again.statement == copy.statement
    other = people.synthesise(seed=4).table
    assert not other["age"].equals(copy.table["age"])


def test_areas_are_kept_but_those_of_few(people):
    area = np.where(np.arange(1000) % 4 == 0, "north", "south")
    area[:6] = "isle"
    table = made_table(1000).assign(area=area)
    found = cohort_of(table).synthesise().table["area"]
    assert set(found) == {"north", "south"}
    assert (found == "north").mean() == pytest.approx(0.25, abs=ERRORS * np.sqrt(0.1875 / 1000))


def test_columns_that_were_not_given_are_not_in_the_copy():
    table = made_table(400)
    lean = table[
        ["id", "age", "sex", "offence_group", "previous_offences", "disposal", "sentence_days"]
    ]
    found = cohort_of(lean).synthesise().table
    assert not {
        name
        for name in found
        if name.startswith(("need_", "domestic", "ethnicity", "area", "start"))
    }
    full = cohort_of(table.assign(start_day=5.0)).synthesise().table
    assert {"need_health", "domestic_abuse", "ethnicity", "start_day"} <= set(full)
    assert set(full["start_day"]) == {5.0}


def test_too_few_people_and_bad_seeds_are_refused():
    said = "cohort: are too few people to make a copy of; found 199; allowed: 200 or more"
    with pytest.raises(ps.InputError, match=said):
        cohort_of(made_table(LEAST_PEOPLE - 1)).synthesise()
    with pytest.raises(ps.InputError, match="seed"):
        cohort_of(made_table(LEAST_PEOPLE)).synthesise(seed=-1)


def test_the_statement_says_what_is_kept_and_claims_no_proof(copy):
    text = copy.statement
    assert "neither k-anonymous nor differentially private" in text
    assert "## Not kept" in text
    assert max(map(len, text.splitlines())) <= 160
    assert CANARY not in text


def test_the_shell_writes_the_copy_and_the_statement(tmp_path, capsys):
    file, out = tmp_path / "people.csv", tmp_path / "synthetic.csv"
    made_table(500).to_csv(file, index=False)
    assert (
        run_command_line(["cohort", "synthesise", str(file), "--out", str(out), "--seed", "2"]) == 0
    )
    said = capsys.readouterr()
    assert "## Risk of disclosure" in said.out
    about = (tmp_path / "synthetic.csv.about.md").read_text(encoding="utf-8")
    assert about.strip() in said.out
    assert len(ps.Cohort.from_file(out)) == 500
    assert CANARY not in out.read_text(encoding="utf-8") + said.out + said.err
    assert (
        run_command_line(["cohort", "synthesise", str(file), "--out", str(tmp_path / "x.xlsx")])
        == 2
    )
    assert "allowed: .csv" in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()


# Tables, by hand


def test_small_counts_are_spread_by_what_is_likely_where_no_count_is_told():
    found = mixed(np.array([30.0, 4.0, 0.0, 6.0]), np.array([0.5, 0.1, 0.3, 0.1]))
    assert found == pytest.approx([30.0, 2.0, 6.0, 2.0])
    # What is not likely at all has nobody, even with a count.
    assert mixed(np.array([30.0, 12.0]), np.array([1.0, 0.0])).tolist() == [30.0, 0.0]


def test_margins_drop_levels_of_few_and_pairs_keep_out_of_them():
    one = np.repeat([0, 1, 2], [50, 5, 45])
    assert margin(one, 3) == pytest.approx([50 / 95, 0, 45 / 95])
    weights = pair(one, np.arange(100) % 2, shape=(3, 2))
    assert weights[1].tolist() == [0.0, 0.0]
    assert (given(weights)[1] > 0).all()  # nobody asks, and the answer is everybody's


def test_draws_follow_shares_and_never_reach_a_level_without_any():
    shares = np.array([0.25, 0.0, 0.75, 0.0])
    u = np.array([0.0, 0.2499, 0.2501, 1.0 - 1e-16])
    assert drawn(shares, u).tolist() == [0, 0, 2, 2]
    assert drawn(np.tile(shares, (4, 1)), u).tolist() == [0, 0, 2, 2]


def test_numbers_lie_between_means_of_tens():
    values = np.append(np.zeros(20), 1000.0)
    means = means_of_tens(values)
    assert len(means) == 2
    assert max(means) < 1000.0
    u = np.linspace(0.001, 0.999, 50)
    assert between(values, u).max() == max(means)
    assert (np.diff(between(values, u)) >= 0).all()
    assert between(np.arange(15.0), u) == pytest.approx(7.0)


def test_a_level_of_few_has_everybodys_numbers():
    held = np.repeat([0, 1], [40, FEWEST - 1])
    found = by_level(np.where(held == 1, 99.0, 5.0), held, np.array([0, 1]), np.array([0.5, 0.5]))
    assert found[0] == 5.0
    assert found[1] < 99.0
