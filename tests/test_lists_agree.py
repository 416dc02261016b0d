"""Lists that say the same in other words agree: codes, names, fields, pages, the schema."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from pathsim import vocabulary
from pathsim.cli import options
from pathsim.engine import codes, contract, counted, log, runaway, tables
from pathsim.engine.contract import (
    Event,
    EventPriority,
    OutcomeColumn,
    People,
    Tables,
    band_of,
)
from pathsim.engine.kernels import codes as constants
from pathsim.engine.kernels import model, workspace
from pathsim.engine.kernels.sentences import band
from pathsim.engine.reference.regime import Regime
from pathsim.outcomes import names
from pathsim.scenario import json_schema
from pathsim.scenario.distributions import KINDS
from pathsim.scenario.justice import Costs, DisposalMix, Recall, ReleasePoint
from pathsim.scenario.model import Scenario
from pathsim.scenario.service import Eligible, Ending, Trigger

DOCS = Path(__file__).parents[1] / "docs"
NAMED = {
    codes.Disposal: vocabulary.DISPOSALS,
    codes.Legal: vocabulary.LEGAL_STATUSES,
    codes.Route: vocabulary.ROUTES,
    codes.DistributionKind: KINDS,
    codes.CustodyReason: log._INTO,
}
"""Codes that are places in a list of names."""
NOT_BY_REGIME = {
    *("distributions", "knots", "profile_days", "profile_ratio", "profile_integral"),
    "clock_groups",
    "index_ratio",
}


def lower_case(members) -> tuple[str, ...]:
    return tuple(each.name.lower() for each in members)


@pytest.mark.parametrize("enum", NAMED, ids=lambda enum: enum.__name__)
def test_codes_stand_in_the_order_of_the_names(enum):
    assert lower_case(enum) == NAMED[enum]
    assert [each.value for each in enum] == list(range(len(enum)))


def test_homes_and_endings_have_one_more_code_than_names():
    assert lower_case(codes.Home) == (*vocabulary.ACCOMMODATIONS, "none")
    assert lower_case(codes.EndingFlag) == (*get_args(Ending), "follow_up")
    assert set(tables._ENDS) == set(get_args(Ending))


def test_every_code_is_a_constant_of_kernels_under_its_own_name():
    assert constants.EVENT_PRIORITY_RECALL == EventPriority.RECALL
    assert constants.OUTCOME_COLUMN_SEVERITY == OutcomeColumn.SEVERITY
    assert type(constants.OUTCOME_COLUMN_SEVERITY) is int
    assert type(constants.PURPOSE_START) is np.uint64
    found = {name for name in vars(constants) if re.match(r"[A-Z]+_", name)} - {"TYPE_CHECKING"}
    members = sum(len(enum) for enum in constants.ENUMS)
    keys = sum(name.isupper() for each in constants.KEYS for name in vars(each))
    assert len(found) == members + keys
    purposes = [key for name, key in vars(codes.Purpose).items() if name.isupper()]
    assert len(set(purposes)) == len(purposes)


def test_every_enum_of_the_contract_is_known_to_kernels_or_needless_there():
    enums = {each for each in vars(codes).values() if isinstance(each, type)}
    enums = {each for each in enums if issubclass(each, codes.IntEnum) and len(each)}
    assert enums - set(constants.ENUMS) == {codes.DistributionKind}


def test_counts_follow_from_the_vocabulary():
    assert len(vocabulary.PAYERS) == contract.N_PAYERS
    assert len(contract.PERSON_UNITS) == contract.N_OUTCOME_COLUMNS
    assert list(OutcomeColumn)[-1] == OutcomeColumn.COST
    assert np.all(contract.PERSON_UNITS[OutcomeColumn.COST :] == counted.UNITS_A_POUND)
    assert OutcomeColumn.COST + len(vocabulary.PAYERS) == contract.N_OUTCOME_COLUMNS
    shapes = {name: shape for name, _, shape in model._TABLES}
    assert shapes["status_day"] == (len(vocabulary.LEGAL_STATUSES), len(vocabulary.PAYERS))
    assert shapes["home_rate"] == (2, *(len(vocabulary.ACCOMMODATIONS),) * 2)
    assert shapes["recall_rate"] == (len(vocabulary.SENTENCE_BANDS),)


def test_kinds_of_events_with_a_timer_come_before_those_without():
    assert workspace.N_TIMERS == 18
    assert [each for each in EventPriority if each >= workspace.N_TIMERS] == [EventPriority.REQUEST]


def test_both_engines_read_every_table():
    assert set(Tables._fields) - set(Regime._fields) == NOT_BY_REGIME
    assert set(Regime._fields) <= set(Tables._fields)
    packed = {name for name, _, _ in model._TABLES}
    others = {
        "rules",
        "services",
        "on_start",
        "on_completion",
        *(f for f in Tables._fields if f[:5] == "pool_"),
    }
    assert set(Tables._fields) - packed == others | NOT_BY_REGIME
    people = {name for name, _ in model._PERSON}
    assert set(People._fields) - people == {"start_day", "eligible", "enters", "groups"}


def test_bands_of_sentences_are_keys_of_scenarios_and_limits_of_both_engines():
    keys = vocabulary.SENTENCE_BAND_KEYS
    assert tuple(ReleasePoint.model_fields)[-len(keys) :] == keys
    by_band = [f"{key}_per_day" for key in keys]
    assert [key for key in Recall.model_fields if key.endswith("_per_day")] == by_band
    limits = vocabulary.SENTENCE_BAND_UPPER_DAYS
    for number in range(1, len(limits)):
        inside = min(limits[number], 36_525.0)
        beyond = np.nextafter(limits[number - 1], np.inf)
        for days in (inside, beyond):
            assert band_of(days) == band.py_func(days) == number


@pytest.mark.parametrize(
    ("levels", "lower"),
    [
        (vocabulary.AGE_BANDS, vocabulary.AGE_BAND_LOWER),
        (vocabulary.PREVIOUS_BANDS, vocabulary.PREVIOUS_BAND_LOWER),
    ],
)
def test_the_name_of_a_band_begins_with_its_lower_limit(levels, lower):
    assert [int(re.match(r"\d+", level)[0]) for level in levels] == list(lower)
    uppers = [int(re.search(r"\d+$", level)[0]) for level in levels[:-1]]
    assert uppers == [limit - 1 for limit in lower[1:]]


def test_a_service_can_choose_people_by_every_grouping_attribute():
    choices = {"min_risk_percent", "needs_any", "domestic_abuse"}
    assert set(Eligible.model_fields) == set(vocabulary.GROUPS) | choices
    events = {"release", "reoffence", "homeless", "pre_release"}
    assert set(Trigger.model_fields) == events | {"disposals", "services", "on", "of"}
    assert {f"on_{event}" for event in events} < set(Tables._fields)


def test_a_mix_of_disposals_and_the_prices_of_states_name_those_of_the_vocabulary():
    assert set(vocabulary.DISPOSALS) <= set(DisposalMix.model_fields)
    states = {f"{status}_day_gbp" for status in vocabulary.LEGAL_STATUSES} - {"liberty_day_gbp"}
    assert states <= set(Costs.model_fields)


def test_the_schema_lists_the_words_of_the_vocabulary():
    definitions = json_schema()["$defs"]
    assert definitions["Service"]["properties"]["payer"]["enum"] == list(vocabulary.PAYERS)
    eligible = definitions["Eligible"]["properties"]
    assert [name for name, levels in vocabulary.GROUPS.items() if not levels] == ["area"]
    assert eligible["area"]["items"]["pattern"] == "^[a-z][a-z0-9_]*$"  # a scenario's own
    for attribute, levels in vocabulary.GROUPS.items():
        assert eligible[attribute]["items"].get("enum", []) == list(levels), attribute


def test_every_kind_of_event_has_its_details():
    of_services = set(Event) - set(log._DETAILS)
    assert {"SERVICE_START", "REFERRAL", "WAIT"} < {each.name for each in of_services}
    assert all(each.name in codes.Event.__members__ for each in log._DETAILS)
    stopped = set(EventPriority) - set(codes.OF_SERVICES) - set(runaway._KEYS)
    assert stopped == {EventPriority.CHANGE, EventPriority.START, EventPriority.END}
    sections = set(Scenario.model_fields)
    assert {key.partition(".")[0] for key in runaway._KEYS.values()} <= sections


def test_the_shell_offers_the_engines_and_one_old_name():
    assert [each.value for each in options.Engine] == [*contract.ENGINES, "twin"]


def test_every_outcome_named_elsewhere_is_declared():
    for name in (*names.HEADLINES, *names.COSTS_SHOWN, *names.EXPECTED_OUTCOMES):
        assert names.meaning(name).title
    for name in (*names.HEADLINE_LOADS, *names.SHARED_OUTCOMES):
        assert names.meaning(f"service.x.{name}").title
    assert len({each.name for each in counted.OUTCOMES}) == len(counted.OUTCOMES)
    columns = {each.column for each in counted.OUTCOMES} | {each.per for each in counted.OUTCOMES}
    for each in counted.TOTALS:
        columns |= {*each.columns, *each.less} & set(OutcomeColumn)
    to_fill = {each for each in OutcomeColumn if each.name.startswith("CUSTODY_DAYS_")}
    assert columns - {None} == set(OutcomeColumn) - to_fill


def test_years_have_columns_in_a_row_and_a_title_each():
    assert len({each.name for each in counted.TOTALS}) == len(counted.TOTALS) == 14
    for kind in ("REOFFENCES", "CUSTODY_DAYS", "COST_PUBLIC", "COST_SOCIETY"):
        second = OutcomeColumn[f"{kind}_YEAR_2"]
        row = [OutcomeColumn(second + k).name for k in range(len(counted.YEARS) - 1)]
        assert row == [f"{kind}_{year.upper()}" for year in counted.YEARS[1:]]
        if kind != "REOFFENCES":
            assert OutcomeColumn[f"{kind}_OFF"] == second + len(row)


def test_the_page_on_the_model_names_every_payer_outcome_and_load():
    page = (DOCS / "model.md").read_text(encoding="utf-8")
    payers = ", ".join(vocabulary.PAYERS)
    assert f"Booked to one of the payers: {payers}." in page
    others = (*names.CUSTODY_OUTCOMES, *names.PEOPLE_OUTCOMES, *names.TOTAL_OUTCOMES)
    assert [name for name in others if f"`{name}`" not in page] == []
    loads = [name for name in names.SERVICE_OUTCOMES if not re.search(rf"`[\w.<>]*\.{name}`", page)]
    assert loads == []
