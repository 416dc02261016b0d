"""A scenario's values and services as lines of a page: cell by cell."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pathsim.present import pages
from pathsim.present.columns import columns_page
from pathsim.present.pages import NAMED_IN, effect, in_use, services_table, sourced, values_table
from pathsim.vocabulary import OFFENCE_GROUPS

NOT_USED = "mechanism not used"


def quantity(value: float, source: str = "s", **more: Any) -> Any:
    known = {"low": None, "high": None, "grade": "matched"}
    return SimpleNamespace(value=value, source=source, **known | more)


def never(value: float = 0.0) -> Any:
    return SimpleNamespace(expected=lambda: value)


TRIGGERS = dict.fromkeys(("release", "pre_release", "reoffence", "homeless"), False)


def service(**more: Any) -> Any:
    triggers = TRIGGERS | {"disposals": (), "services": (), "of": ()} | more.pop("trigger", {})
    plain = {
        "title": "A|B",
        "pathway": "drugs_alcohol",
        "trigger": SimpleNamespace(**triggers),
        "pool": "",
        "capacity": "unlimited",
        "max_queue": "unlimited",
        "requires_any": (),
        "drop_out_share": quantity(0.0),
        "after_days": never(),
        "houses": False,
        "ends_on": (),
        "custody_ratio": quantity(1.0),
        "after_ratio": quantity(1.0, NOT_USED),
        "hazard_ratio": quantity(0.5),
        "groups_acted_on": OFFENCE_GROUPS,
        "exit_settled_share": quantity(0.25),
        "note": f"Old. {NAMED_IN}section 3.",
    }
    return SimpleNamespace(**plain | more)


# Values


def test_every_part_with_a_source_is_found_by_its_key():
    tree = {"a": {"source": "x", "b": {"source": "inside"}}, "c": {"d": {"source": "y"}}, "e": 3}
    found = [(key, part["source"]) for key, part in sourced(tree)]
    assert found == [("a", "x"), ("c.d", "y")]
    assert list(sourced({"source": "z"}, "here")) == [("here", {"source": "z"})]


def test_parts_of_mechanisms_that_are_not_used_are_left_out():
    tree = {"a": {"source": NOT_USED}, "b": {"source": "x"}}
    scenario: Any = SimpleNamespace(model_dump=lambda: tree)
    assert list(in_use(scenario)) == ["b"]


def test_values_are_lines_of_a_table_without_bars_of_their_own():
    part = {"value": 0.5, "low": None, "price_year": None, "grade": "g", "source": "a|b"}
    tree = {"x": part, "y": part | {"note": "n"}}
    scenario: Any = SimpleNamespace(model_dump=lambda: tree)
    assert values_table(scenario).splitlines() == [
        "| key | value | grade | source | note |",
        "|---|---|---|---|---|",
        "| `x` | 0.5 | g | a/b |  |",
        "| `y` | 0.5 | g | a/b | n |",
    ]
    assert values_table(scenario).endswith("|\n")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"value": 0.5, "low": None, "price_year": None}, "0.5"),
        ({"value": 0.5, "low": 0.4, "high": 0.75, "price_year": None}, "0.5 (0.4 to 0.75)"),
        ({"value": 500.0, "low": None, "price_year": "2023/24"}, "500, 2023/24"),
        ({"kind": "constant", "value": 30.0}, "30"),
        ({"kind": "exponential", "mean": 12.5}, "exponential, mean 12.5"),
        ({"theft": 0.25, "note": "n", "evidence": "e"}, "theft 0.25"),
        ({"file": "/here/table.csv"}, "file table.csv"),
        ({"days": (1.0, 2.5), "words": ["a", "b"]}, "days 1 2.5, words a b"),
        ({"count": 3, "flag": True}, "count 3, flag True"),
    ],
)
def test_a_value_is_said_with_its_interval_its_year_or_its_parts(part, said):
    assert pages._value(part | {"source": "s", "grade": "g"}) == said


# Services


@pytest.mark.parametrize(
    ("more", "words", "value"),
    [
        ({}, "hazard", 0.5),
        ({"custody_ratio": quantity(0.9)}, "chance of custody", 0.9),
        ({"custody_ratio": quantity(0.9), "houses": True}, "chance of custody", 0.9),
        ({"houses": True}, "housing: settled on leaving", 0.25),
        (
            {"after_ratio": quantity(0.8), "hazard_ratio": quantity(1.0)},
            "hazard afterwards",
            0.8,
        ),
        ({"after_ratio": quantity(0.8)}, "hazard", 0.5),
        ({"hazard_ratio": quantity(1.0)}, "hazard", 1.0),
        ({"groups_acted_on": ("theft", "public_order")}, "hazard of theft, public order", 0.5),
    ],
)
def test_a_service_acts_by_what_drives_its_effect(more, words, value):
    found, ratio = effect(service(**more))
    assert (found, ratio.value) == (words, value)


def pool(review: float = 0.0, max_queue: Any = "unlimited") -> Any:
    return SimpleNamespace(review_days=quantity(review), max_queue=max_queue)


WAYS = {"disposals": ("community_order",), "release": True, "pre_release": True}
WAYS |= {"reoffence": True, "homeless": True, "services": ("a",), "of": ("b",)}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"trigger": WAYS},
            "on community order, release, before release, arrest, homelessness, `a`, "
            "completing `b`",
        ),
        ({"capacity": quantity(6.0)}, "on ; 6 places"),
        (
            {"capacity": quantity(6.0), "max_queue": quantity(3.0)},
            "on ; 6 places; at most 3 waiting",
        ),
        ({"pool": "plain", "capacity": quantity(6.0)}, "on ; shared places"),
        ({"pool": "limited"}, "on ; shared places, given every 7 days; at most 4 waiting"),
        ({"requires_any": ("a", "b")}, "on ; with `a` or `b`"),
        ({"drop_out_share": quantity(0.1)}, "on ; drop-out"),
        ({"after_days": never(0.5)}, "on ; after-effect"),
        ({"houses": True}, "on ; houses"),
        ({"ends_on": ("custody", "order_end")}, "on ; ends on custody; ends on order end"),
    ],
)
def test_the_mechanisms_of_a_service_are_told_in_words(more, said):
    pools = {"plain": pool(), "limited": pool(7.0, quantity(4.0))}
    scenario: Any = SimpleNamespace(pools=pools)
    assert pages.workings(scenario, service(**more)) == said


def test_services_are_lines_of_a_table():
    offered = {
        "a": service(trigger={"release": True}, hazard_ratio=quantity(0.5, low=0.4, high=0.75)),
        "b": service(trigger={"release": True}, note="Nowhere"),
    }
    scenario: Any = SimpleNamespace(services=offered, pools={})
    assert services_table(scenario).splitlines() == [
        "| service | id | pathway | how it works | effect | grade | source | named in |",
        "| " + " | ".join(["---"] * 8) + " |",
        "| A/B | `a` | drugs alcohol | on release | hazard 0.5 (0.4 to 0.75) | matched | s "
        "| section 3 |",
        "| A/B | `b` | drugs alcohol | on release | hazard 0.5 | matched | s | Nowhere |",
    ]
    assert services_table(scenario).endswith("|\n")


def test_the_page_of_columns_is_a_table_with_names_as_code():
    lines = columns_page().splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("| column"))
    assert lines[head + 1] == "| " + " | ".join(["---"] * lines[head].count(" | ")) + " | --- |"
    assert all(line.startswith("| `") for line in lines[head + 2 :])
