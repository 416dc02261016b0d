"""A scenario is frozen all the way down, has a hash, and can be copied and sent about."""

from __future__ import annotations

import copy
import pickle

import pytest
from pydantic import BaseModel

import pathsim as ps

DORSET = "dorset/baseline"


@pytest.fixture(scope="module")
def dorset():
    return ps.load(DORSET)


def tables(value, path=""):
    """Give every table and list within a scenario, with its place."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from tables(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, dict):
        yield path, value
        for key, each in value.items():
            yield from tables(each, f"{path}.{key}")
    elif isinstance(value, tuple | list | set):
        yield path, value
        for each in value:
            yield from tables(each, path)


def test_no_table_within_can_be_changed(dorset):
    dated = dorset.change("Later", {"services.gps_tag.capacity": 36}, from_day=91)
    found = [*tables(dorset), *tables(dated)]
    assert any(".reoffence_gbp.theft" in path for path, _ in found)
    for path, table in found:
        if isinstance(table, tuple):
            continue
        with pytest.raises(ps.InputError, match="cannot be set"):
            table["new"] = 1
        with pytest.raises(ps.InputError, match="cannot be set"):
            table.clear()
        assert path


def test_fields_can_be_neither_set_nor_taken_away(dorset):
    with pytest.raises(ps.InputError, match="title: cannot be set"):
        dorset.title = "x"
    with pytest.raises(ps.InputError, match="title: cannot be taken away"):
        del dorset.title
    with pytest.raises(ps.InputError, match="value: cannot be set"):
        dorset.services["gps_tag"].capacity.value = 3


def test_equal_scenarios_have_equal_hashes(dorset):
    again = ps.load(DORSET)
    assert again is not dorset
    assert (again, hash(again)) == (dorset, hash(dorset))
    there = dorset.change("There", {"services.gps_tag.capacity": 36})
    assert len({dorset, again, there}) == 2
    assert hash(there) != hash(dorset)


def test_tables_are_equal_and_hash_equal_in_any_order(dorset):
    services = dorset.services
    turned = type(services)(reversed(services.items()))
    assert list(turned) != list(services)
    assert (turned, hash(turned)) == (services, hash(services))


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda each: pickle.loads(pickle.dumps(each))],
    ids=["copy", "deepcopy", "pickle"],
)
def test_a_copy_is_equal_and_as_frozen(dorset, again):
    other = again(dorset)
    assert (other, hash(other)) == (dorset, hash(dorset))
    with pytest.raises(ps.InputError, match="cannot be set"):
        other.costs.reoffence_gbp["theft"]["police"] = 1


def test_a_copy_with_other_fields_is_checked():
    town = ps.example()
    mentor = town.services["mentor"]
    capacity = mentor.capacity
    assert capacity.model_copy(update={"value": 7}).value == 7.0
    for call, key in (
        (lambda: capacity.model_copy(update={"value": float("nan")}), "value"),
        (lambda: capacity.model_copy(update={"value": "many"}), "value"),
        (lambda: mentor.model_copy(update={"capacity": -3}), "capacity"),
        (lambda: town.model_copy(update={"services": {"x": 1}}), "services"),
        (lambda: town.model_copy(update={"servces": {}}), "servces"),
        (lambda: town.model_copy(update={"title": ""}, deep=True), "title"),
    ):
        with pytest.raises(ps.InputError, match=key):
            call()
    assert town.model_copy() == town
    assert town.model_copy(deep=True) == town


def test_a_copy_with_other_fields_claims_no_file_that_it_was_read_from():
    town = ps.example()
    assert town.lineage.files
    other = town.model_copy(update={"description": "another"})
    assert other.description == "another"
    assert not other.lineage.files
