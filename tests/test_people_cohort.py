"""A cohort is checked once, keeps people's own ids, and says what it holds."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from pathsim.people import Cohort
from pathsim.scenario.cohort import RowsCohort, SampledCohort, TableCohort
from pathsim.scenario.model import Scenario
from pathsim.vocabulary import GROUPS, NEEDS

# What is assumed of a short table is said in a warning; test_people_assumptions.py looks at it.
pytestmark = pytest.mark.filterwarnings("ignore:.*assumed, where:pathsim.errors.InputWarning")

PRINTED = 0.05
"""Half of the last digit of a score printed in tenths of a per cent."""
FORMULA = 1e-9
GOOD = Path(__file__).parent / "data" / "people" / "good.csv"


def people(**changes):
    columns = {
        "id": [11, 12, 13],
        "age": [30, 22, 16],
        "sex": ["male", "male", "female"],
        "offence_group": ["violence", "violence", "theft"],
        "previous_offences": [0, 4, 1],
        "age_at_first_sanction": [30, 16, 15],
        "disposal": ["fine", "custody", "caution"],
        "sentence_days": [0.0, 400.0, 0.0],
    }
    return pd.DataFrame({k: v for k, v in (columns | changes).items() if v is not None})


def scenario_of(cohort):
    return Scenario(
        title="test",
        cohort=cohort,
        follow_up={"source": "test", "days": 365, "waiting_days": 0, "intake_days": 365},
        hazard={"source": "test", "score": "none", "adult_level": 0, "youth_level": 0},
        sentencing={"source": "test", "disposals": {"fine": 1.0}, "custody_days": 0},
    )


def test_the_scores_are_computed_where_they_are_left_out():
    frame = Cohort.from_frame(people()).frame
    assert frame["risk_one_year_percent"][:2].tolist() == pytest.approx([6.4, 34.5], abs=PRINTED)
    assert frame["risk_two_year_percent"][:2].tolist() == pytest.approx([12.4, 51.9], abs=PRINTED)


def test_a_given_score_is_kept_and_gives_the_other_one():
    frame = Cohort.from_frame(people(risk_two_year_percent=[51.949212, 0.0, 99.9])).frame
    assert frame["risk_two_year_percent"].tolist() == [51.949212, 0.0, 99.9]
    one_year = frame["risk_one_year_percent"].tolist()
    assert one_year[:2] == pytest.approx([34.499, 0.0], abs=PRINTED)
    assert 90.0 < one_year[2] < 99.9


def test_what_is_left_out_has_its_documented_default():
    frame = Cohort.from_frame(people()).frame
    assert set(frame["ethnicity"]) == {"other"}
    assert frame["area"].isna().all()
    assert not frame[[f"need_{need}" for need in NEEDS]].any(axis=None)
    assert not frame["domestic_abuse"].any()
    assert frame["start_day"].isna().all()


def test_a_checked_table_passes_the_check_unchanged():
    once = Cohort.from_frame(people()).frame
    pd.testing.assert_frame_equal(Cohort.from_frame(once).frame, once)


def test_the_groups_are_those_of_the_vocabulary_with_bounds_in_the_right_band():
    table = people(
        age=[17, 18, 50],
        previous_offences=[0, 3, 15],
        age_at_first_sanction=None,
        disposal=["custody", "custody", "custody"],
        sentence_days=[182.5, 182.6, np.nan],
        risk_two_year_percent=[49.9, 50.0, 90.0],
    )
    groups = Cohort.from_frame(table).groups()
    assert list(groups) == list(GROUPS)
    for name, levels in GROUPS.items():
        assert tuple(groups[name].cat.categories) == levels or name == "area"
    assert groups["age_group"].tolist() == ["youth", "adult", "adult"]
    assert groups["age_band"].tolist() == ["15-17", "18-20", "50+"]
    assert groups["previous_offences"].tolist() == ["0", "3-6", "15+"]
    assert groups["sentence_band"].tolist() == ["le6m", "6to12m", "none"]
    assert groups["risk_band"].tolist() == ["low", "medium", "very_high"]


def test_integer_ids_are_their_own_keys():
    keys = Cohort.from_frame(people(id=[7, -1, 2**40])).keys()
    assert keys.dtype == np.uint64
    assert keys.tolist() == [7, 2**64 - 1, 2**40]


@pytest.mark.parametrize("ids", [[5, 3, 9], ["E", "C", "I"]])
def test_a_persons_key_does_not_depend_on_the_rows(ids):
    table = people(id=ids)
    whole = Cohort.from_frame(table)
    turned = Cohort.from_frame(table.iloc[::-1])
    alone = Cohort.from_frame(table.iloc[[1]])
    assert whole.keys().tolist() == turned.keys().tolist()[::-1]
    assert alone.keys()[0] == whole.keys()[1]
    assert len(set(whole.keys().tolist())) == 3


def test_the_key_of_a_text_id_is_its_published_hash():
    # BLAKE2b with an 8-byte digest of "abc" (RFC 7693), read as a little-endian integer.
    key = Cohort.from_frame(people(id=["abc", "b", "c"])).keys()[0]
    assert int(key).to_bytes(8, "little").hex() == "d8bb14d833d59559"


def test_changing_the_frame_does_not_change_the_cohort():
    cohort = Cohort.from_frame(people())
    frame = cohort.frame
    frame["age"] = 99
    frame.loc[0, "previous_offences"] = 50
    assert cohort.frame["age"].tolist() == [30, 22, 16]
    assert cohort.frame["previous_offences"].tolist() == [0, 4, 1]


def test_a_csv_table_is_read_with_its_own_ids_and_empty_cells():
    frame = Cohort.from_csv(GOOD).frame
    assert frame["id"].tolist() == ["P-1", "P-2", "P-3"]
    assert frame["ethnicity"].tolist() == ["white", "other", "asian"]
    assert frame["sentence_days"].tolist()[:2] == [84.0, 0.0]
    assert np.isnan(frame["sentence_days"].iloc[2])
    assert frame["need_health"].tolist() == [True, False, False]


def test_a_scenario_names_a_table():
    source = TableCohort(kind="table", file=str(GOOD))
    assert len(Cohort.from_scenario(scenario_of(source))) == 3


def test_a_scenario_lists_rows_of_people_who_are_alike():
    rows = [
        {"people": 3, "disposal": "custody", "needs": ["health"], "risk_percent": 60.0},
        {"people": 2, "start_day": 4.0},
    ]
    source = RowsCohort.model_validate({"kind": "rows", "source": "test", "rows": rows})
    cohort = Cohort.from_scenario(scenario_of(source))
    frame = cohort.frame
    assert frame["id"].tolist() == [0, 1, 2, 3, 4]
    assert cohort.keys().tolist() == [0, 1, 2, 3, 4]
    assert frame["disposal"].tolist() == ["custody"] * 3 + ["community_order"] * 2
    assert frame["need_health"].tolist() == [True] * 3 + [False] * 2
    assert frame["sentence_days"].isna().tolist() == [True] * 3 + [False] * 2
    assert frame["risk_two_year_percent"][:3].tolist() == [60.0] * 3
    assert frame["start_day"][3:].tolist() == [4.0] * 2


def test_a_row_with_a_length_but_no_custody_is_refused():
    rows = [{"people": 3, "disposal": "fine", "sentence_days": 10}]
    with pytest.raises(ValidationError, match="must be 0 or left out without custody"):
        RowsCohort.model_validate({"kind": "rows", "source": "test", "rows": rows})


def test_a_scenario_samples_people():
    source = SampledCohort.model_validate(
        {
            "kind": "pnc_2021",
            "source": "test",
            "adults": 40,
            "youths": 2,
            "need_prevalence": dict.fromkeys(NEEDS, 0.5),
            "need_correlation": 0.3,
            "need_risk_correlation": 0.3,
            "domestic_abuse_share": 0.3,
        }
    )
    cohort = Cohort.from_scenario(scenario_of(source))
    assert repr(cohort) == "Cohort(42 people: 40 adults, 2 youths)"


def test_the_summary_for_a_notebook_names_size_and_shares():
    html = Cohort.from_frame(people())._repr_html_()
    assert "Cohort of 3 people" in html
    assert "<caption>Disposal</caption>" in html
    assert "<td>33.3%</td>" in html
    assert "OGRS3 band" in html


def test_a_custodial_sentence_of_no_days_is_in_the_shortest_band():
    groups = Cohort.from_frame(people(sentence_days=[0.0, 0.0, 0.0])).groups()
    assert groups["sentence_band"].tolist() == ["none", "le6m", "none"]


def test_a_text_id_among_numbers_changes_nobody_elses_key():
    numbers = Cohort.from_frame(people(id=[1, -2, 3])).keys()
    mixed = Cohort.from_frame(people(id=["1", "-2", "A3"])).keys()
    assert numbers[:2].tolist() == mixed[:2].tolist()
    assert numbers[2] != mixed[2]
    # A leading zero makes a text.
    assert Cohort.from_frame(people(id=["01", "-2", "A3"])).keys()[0] != numbers[0]
