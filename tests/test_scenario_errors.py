"""Every mistake in a scenario is refused with its place, what was found and what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pathsim import vocabulary
from pathsim.errors import InputError
from pathsim.scenario import load

DATA = Path(__file__).parent / "data" / "scenarios"
TEXT = (DATA / "baseline.toml").read_text(encoding="utf-8")


def _line(words: str, text: str) -> int:
    """Return the line on which `words` stand, which must be one line only."""
    (line,) = [number for number, each in enumerate(text.splitlines(), 1) if words in each]
    return line


def _refusal(path: Path) -> str:
    """Return the refusal's text with the folder taken away."""
    with pytest.raises(InputError) as refusal:
        load(path)
    return str(refusal.value).replace(f"{path.parent}/", "")


def _refusal_of_baseline(tmp_path: Path, old: str, new: str) -> str:
    assert TEXT.count(old) == 1, "the mistake must be made in one place"
    (tmp_path / "b.toml").write_text(TEXT.replace(old, new), encoding="utf-8")
    return _refusal(tmp_path / "b.toml")


QUANTITY = "a number, or a table with value and source"
LENGTHS = "constant, exponential, uniform, triangular, lognormal, weibull, empirical"
KINDS = "constant, never, exponential, uniform, triangular, lognormal, weibull, empirical"
PAYERS = ", ".join(vocabulary.PAYERS)

MISTAKES = {
    # what is written, by what, the key that the message names, and the rest of the message
    "probability above 1": (
        "referral = 0.2",
        "referral = 1.2",
        "services.treatment.referral: is out of range; found 1.2; allowed: between 0 and 1",
    ),
    "negative probability": (
        "referral = 0.5",
        "referral = -0.5",
        "services.iom_fixed.referral: is out of range; found -0.5; allowed: between 0 and 1",
    ),
    "negative capacity": (
        "capacity = 18",
        "capacity = -18",
        "services.gps_tag.capacity: is out of range; found -18; "
        "allowed: a whole number, between 0 and 1000000000",
    ),
    "half a place": (
        "capacity = 74",
        "capacity = 74.5",
        "pools.iom.capacity: is out of range; found 74.5; "
        "allowed: a whole number, between 0 and 1000000000",
    ),
    "negative duration": (
        "duration_days = 90",
        "duration_days = -90",
        "services.gps_tag.duration_days: is out of range; found -90; allowed: 0 or more",
    ),
    "negative mean": (
        "mean = 120",
        "mean = -120",
        "services.treatment.duration_days.mean: is out of range; found -120; allowed: above 0",
    ),
    "interval without its value": (
        "value = 0.6, low = 0.4",
        "value = 0.3, low = 0.4",
        "services.gps_tag.referral.value: is out of range; found 0.3; "
        "allowed: between 0.4 and 0.8, its own low and high",
    ),
    "interval the wrong way round": (
        "value = 0.6, low = 0.4",
        "value = 0.6, low = 0.9",
        "services.gps_tag.referral.low: low is above high; found 0.9; "
        "allowed: 0.8 or less, its own high",
    ),
    "range the wrong way round": (
        '{ kind = "exponential", mean = 60 }',
        '{ kind = "uniform", low = 90, high = 10 }',
        "sentencing.custody_days.low: low is above high; found 90; "
        "allowed: 10 or less, its own high",
    ),
    "triangle the wrong way round": (
        '{ kind = "exponential", mean = 60 }',
        '{ kind = "triangular", low = 90, mode = 5, high = 10 }',
        "sentencing.custody_days.low: low is above high; found 90; "
        "allowed: 10 or less, its own high",
    ),
    "triangle without its mode": (
        '{ kind = "exponential", mean = 60 }',
        '{ kind = "triangular", low = 9, mode = 5, high = 10 }',
        "sentencing.custody_days.mode: is out of range; found 5; "
        "allowed: between 9 and 10, its own low and high",
    ),
    "triangle of no width": (
        '{ kind = "exponential", mean = 60 }',
        '{ kind = "triangular", low = 9, mode = 9, high = 9 }',
        "sentencing.custody_days.low: is equal to high; found 9; "
        "allowed: below high; what is always the same is of the kind constant",
    ),
    "a key that the kind of cohort does not have": (
        'kind = "rows"',
        'kind = "rows"\nseed = 1',
        "cohort.seed: unknown key of kind 'rows'; allowed: kind, rows, source, grade",
    ),
    "quantiles out of order": (
        '{ kind = "exponential", mean = 60 }',
        '{ kind = "empirical", probabilities = [0, 1], quantiles = [9, 3] }',
        "sentencing.custody_days: quantiles must not fall",
    ),
    "shares that are not a whole": (
        "fine = 0.7",
        "fine = 0.6",
        "sentencing.disposals: shares must sum to 1; found 0.9",
    ),
    "unknown kind": (
        'kind = "exponential", mean = 120',
        'kind = "exponental", mean = 120',
        "services.treatment.duration_days: has the unknown kind 'exponental'; "
        f"did you mean 'exponential'?; allowed: {KINDS}",
    ),
    "no kind of cohort": (
        'kind = "rows"',
        "",
        "cohort: needs a kind; allowed: pnc_2021, rows, table",
    ),
    "unknown word": (
        'payer = "nhs"',
        'payer = "nsh"',
        "services.treatment.payer: is not known here; did you mean 'nhs'?; "
        f"found 'nsh'; allowed: {PAYERS}",
    ),
    "unknown key of a price": (
        "hmpps = 130",
        "hmmps = 130",
        "costs.custody_day_gbp.hmmps: is not known here; did you mean 'hmpps'?; "
        f"found 'hmmps'; allowed: {PAYERS}",
    ),
    "a price of a disposal that no court passes": (
        "custody_day_gbp = { hmpps = 130 }",
        "disposal_gbp = { caution = { hmpps = 130 } }",
        "costs.disposal_gbp.caution: is not known here; did you mean 'custody'?; found 'caution'; "
        "allowed: discharge, fine, community_order, suspended_sentence, custody, other",
    ),
    "unknown grade": (
        'grade = "definition"',
        'grade = "defnition"',
        "grade: is not known here; did you mean 'definition'?; found 'defnition'; allowed: "
        '"official", "rct", "matched", "before_after", "expert", "assumed", "calibrated", '
        '"choice", "definition"',
    ),
    "unknown shipped table": (
        '{ kind = "exponential", mean = 60 }',
        '"courts_2020"',
        "sentencing.custody_days: is not known here; did you mean 'courts_2019'?; "
        f"found 'courts_2020'; allowed: \"courts_2019\" or a number, or a table of one of the "
        f"kinds {LENGTHS}",
    ),
    "later version": (
        "schema_version = 1",
        "schema_version = 2",
        "schema_version: is not known here; found 2; allowed: 1",
    ),
    "text for a number": (
        "referral = 0.5",
        'referral = "0.5"',
        f"services.iom_fixed.referral: has the wrong type; found '0.5'; allowed: {QUANTITY}",
    ),
    "text for places": (
        "capacity = 18",
        'capacity = "18"',
        "services.gps_tag.capacity: has the wrong type; found '18'; "
        f'allowed: "unlimited" or {QUANTITY}',
    ),
    "truth for a number": (
        "adult_level = 0.0012",
        "adult_level = true",
        f"hazard.adult_level: has the wrong type; found true; allowed: {QUANTITY}",
    ),
    "number for text": (
        'title = "GPS tag"',
        "title = 3",
        "services.gps_tag.title: has the wrong type; found 3; allowed: text",
    ),
    "number for truth": (
        "trigger = { release = true }",
        "trigger = { release = 1 }",
        "services.iom_fixed.trigger.release: has the wrong type; found 1; allowed: true or false",
    ),
    "word for a list": (
        'requires_any = ["iom_fixed"]',
        'requires_any = "iom_fixed"',
        "services.gps_tag.requires_any: has the wrong type; found 'iom_fixed'; "
        "allowed: a list of text",
    ),
    "word for a table": (
        "trigger = { release = true }",
        'trigger = "release"',
        "services.iom_fixed.trigger: has the wrong type; found 'release'; allowed: a table",
    ),
    "half a person": (
        "people = 30",
        "people = 30.5",
        "cohort.rows[1].people: has the wrong type; found 30.5; allowed: a whole number",
    ),
    "not a number": (
        "referral = 0.2",
        "referral = nan",
        "services.treatment.referral: is not a finite number; found nan",
    ),
    "infinity": (
        "mean = 60",
        "mean = inf",
        "sentencing.custody_days.mean: is not a finite number; found inf",
    ),
    "a number beyond all": (
        "patience_days = 30",
        "patience_days = -1" + "0" * 400,
        "services.gps_tag.patience_days: is not a finite number; found "
        + ("-1" + "0" * 400)[:59]
        + "…",
    ),
    "capital id": (
        "[services.treatment]",
        "[services.Treatment]",
        "services.Treatment: is not an id; found 'Treatment'; "
        "allowed: small letters, digits and underscores, a letter first, at most 40",
    ),
    "misspelt service": (
        'requires_any = ["iom_fixed"]',
        'requires_any = ["iom_fixd"]',
        "services.gps_tag.requires_any[0]: no service is called 'iom_fixd'; "
        "did you mean 'iom_fixed'?; found 'iom_fixd'; allowed: gps_tag, iom_fixed, treatment",
    ),
    "misspelt service in a trigger": (
        'services = ["iom_fixed"]',
        'services = ["tretment"]',
        "services.gps_tag.trigger.services[0]: no service is called 'tretment'; "
        "did you mean 'treatment'?; found 'tretment'; allowed: gps_tag, iom_fixed, treatment",
    ),
    "misspelt pool": (
        'pool = "iom"',
        'pool = "iomm"',
        "services.iom_fixed.pool: no pool is called 'iomm'; did you mean 'iom'?; "
        "found 'iomm'; allowed: iom",
    ),
    "pool and capacity": (
        'payer = "pcc"',
        'payer = "pcc"\npool = "iom"',
        "services.gps_tag: has both a pool and a capacity of its own; give one of them",
    ),
    "cycle of prerequisites": (
        'pool = "iom"',
        'requires_any = ["gps_tag"]',
        "services.iom_fixed.requires_any: goes round in a circle: "
        "iom_fixed -> gps_tag -> iom_fixed",
    ),
    "cycle of triggers": (
        "trigger = { release = true }",
        'trigger = { services = ["gps_tag"] }',
        "services.iom_fixed.trigger.services: goes round in a circle: "
        "iom_fixed -> gps_tag -> iom_fixed",
    ),
    "date in a baseline": (
        "schema_version = 1",
        "schema_version = 1\nfrom_day = 30",
        "from_day: needs what it takes over from: from_day belongs in an option with extends; "
        "found 30",
    ),
    "duplicate key": (
        "capacity = 18",
        "capacity = 18\nnote = 'full'\ncapacity = 19",
        "services.gps_tag.capacity: is written twice",
    ),
    "duplicate table": (
        "[services.treatment]",
        "[services.gps_tag]",
        "services.gps_tag: is written twice",
    ),
    "not TOML": (
        "capacity = 18",
        "capacity 18",
        "is not TOML: expected '=' after a key in a key/value pair",
    ),
}

_ELSEWHERE = {
    # the line of the key in the message, where that is not the line that was changed
    "a key that the kind of cohort does not have": "seed = 1",
    "pool and capacity": "[services.gps_tag]",
    "no kind of cohort": "[cohort]",
    "duplicate key": "capacity = 19",
    "duplicate table": 'title = "Treatment"',
    "date in a baseline": "from_day = 30",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_line_key_value_and_what_is_allowed(
    mistake: str, tmp_path: Path
) -> None:
    old, new, message = MISTAKES[mistake]
    refusal = _refusal_of_baseline(tmp_path, old, new)
    text = TEXT.replace(old, new)
    if mistake == "duplicate table":
        line = _line("[services.treatment]", TEXT)
    else:
        line = _line(_ELSEWHERE.get(mistake, new.split("\n", maxsplit=1)[0]), text)
    assert refusal == f"b.toml:{line}: {message}"


def test_a_key_called_as_a_kind_is_unknown_where_there_are_no_kinds(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(f'kind = "rows"\nrows = 1\n{TEXT}', encoding="utf-8")
    refusal = _refusal(tmp_path / "b.toml")
    assert "b.toml:1: kind: unknown key" in refusal
    assert "b.toml:2: rows: unknown key" in refusal


def test_a_misspelt_key_is_refused_with_the_nearest_and_all_allowed_keys(tmp_path: Path) -> None:
    refusal = _refusal_of_baseline(tmp_path, "hazard_ratio = 0.75", "hazard_rato = 0.75")
    line = _line("hazard_ratio", TEXT)
    assert refusal.startswith(
        f"b.toml:{line}: services.gps_tag.hazard_rato: unknown key; did you mean 'hazard_ratio'?; "
        "allowed: title, pathway, note, trigger, eligible, referral, take_up, requires_any, "
    )
    assert refusal.endswith(", payer, source, grade")


def test_a_misspelt_key_at_the_top_is_told_what_a_file_may_say(tmp_path: Path) -> None:
    refusal = _refusal_of_baseline(tmp_path, 'title = "Small baseline"', 'titel = "Small"')
    assert refusal.splitlines() == [
        "b.toml: title: is missing",
        "b.toml:3: titel: unknown key; did you mean 'title'?; allowed: extends, phases, "
        "schema_version, title, description, from_day, areas, cohort, follow_up, hazard, "
        "offending, courts, sentencing, custody, accommodation, pools, services, costs, scale, "
        "places_for, source, grade",
    ]


def test_a_key_of_another_kind_of_distribution_is_told_the_kind(tmp_path: Path) -> None:
    refusal = _refusal_of_baseline(tmp_path, 'kind = "exponential", mean = 60', "mean = 60")
    line = _line("mean = 60", TEXT)
    assert refusal.splitlines() == [
        f"b.toml:{line}: sentencing.custody_days.mean: unknown key of kind 'constant'; "
        "allowed: source, grade, note, evidence, kind, value",
        f"b.toml:{line}: sentencing.custody_days.value: is missing",
    ]


def test_numbers_without_any_source_are_all_named(tmp_path: Path) -> None:
    refusal = _refusal_of_baseline(tmp_path, 'source = "invented for tests"\n', "")
    told = 'has no source; allowed: source = "…" here or in a table around it'
    lines = refusal.splitlines()
    assert all(line.endswith(told) for line in lines)
    assert lines[0].startswith("b.toml:19: follow_up.days: ")
    assert not any("services.treatment" in line for line in lines)


def test_several_mistakes_are_all_told_in_the_order_of_their_lines(tmp_path: Path) -> None:
    spoilt = TEXT.replace("referral = 0.5", "referral = 5").replace('pool = "iom"', 'pool = "x"')
    spoilt = spoilt.replace("youth_level", "youth_levl")
    (tmp_path / "b.toml").write_text(spoilt, encoding="utf-8")
    keys = [line.split(": ")[1] for line in _refusal(tmp_path / "b.toml").splitlines()]
    assert keys == [
        "hazard.youth_level",
        "hazard.youth_levl",
        "services.iom_fixed.referral",
        "services.iom_fixed.pool",
    ]


def test_the_refusal_carries_its_problems_for_programs(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_text(TEXT.replace("capacity = 18", "capacity = -18"), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load(path)
    (problem,) = refusal.value.problems
    assert (problem.key, problem.found) == ("services.gps_tag.capacity", -18)
    assert (problem.file, problem.line) == (path, _line("capacity = 18", TEXT))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_no_message_speaks_the_validators_language(mistake: str, tmp_path: Path) -> None:
    old, new, _ = MISTAKES[mistake]
    refusal = _refusal_of_baseline(tmp_path, old, new)
    assert not re.search(r"Value error|Input should|pydantic|tagged|literal|function-", refusal)
