"""Results written to files and read back: equal to the bit, or refused in words."""

from __future__ import annotations

import json
from hashlib import sha256
from io import StringIO

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from made_people import cohort_of, made_outcomes, made_table
from pathsim.decision.saved.file import save_result
from pathsim.decision.saved.kinds import MODULES, RESULTS, class_of, fields_of
from pathsim.decision.saved.made import made_of
from pathsim.decision.saved.plain import as_plain
from pathsim.errors import EngineError
from pathsim.outcomes.values import Values
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Strict
from priced_town import EFFECT, priced_town, with_more, with_some

HOW = {"draws": 32, "replications": 2, "seed": 3}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    town = priced_town(tmp_path_factory.mktemp("town"))
    compared = ps.compare(town, [with_more(town), with_some(town)], **HOW)
    later = with_more(town).change("Later", {"services.mentor.capacity": 20}, from_day=91)
    dearer = town.change("Dearer", {"services.mentor.cost_per_completion_gbp": 900.0})
    key, table = "services.mentor.capacity", made_table(300)
    happened = {"observed": made_outcomes(table), "scenario": town, "within_days": 365}
    with pytest.warns(ps.InputWarning, match="places of services"):
        validated = cohort_of(table).validate(**happened, replications=2)
    return {
        "Comparison": compared,
        "Run": ps.run(later, draws=0, replications=3),
        "Decision": ps.decide(compared),
        "Value": ps.value(compared, study=[50, 100], of=EFFECT, study_cost=(100, 5)),
        "Sensitivity": ps.sensitivity(compared),
        "Explanation": ps.explain(town, later, replications=2),
        "Shares": ps.shapley(town, [with_some(town), dearer], **HOW),
        "Sweep": town.sweep(key, [4, 12], target="cost_public<=1", **HOW),
        "Portfolio": ps.portfolio(town, {key: [8, 12]}, budget=30_000, **HOW),
        "Validation": validated,
    }


def same(one, other, at):
    """Fail where two parts of results differ in type, or in any bit."""
    assert type(one) is type(other), at
    if isinstance(one, Values):
        same((one.rows, one.sizes, one.data), (other.rows, other.sizes, other.data), at)
    elif isinstance(one, Scenario):
        assert one == other, at
        same(one.lineage, other.lineage, f"{at}.lineage")
    elif fields_of(type(one)) and not isinstance(one, Strict):
        for name in fields_of(type(one)):
            same(getattr(one, name), getattr(other, name), f"{at}.{name}")
    elif isinstance(one, dict):
        same(list(one), list(other), f"{at}.keys")
        same(list(one.values()), list(other.values()), f"{at}.values")
    elif isinstance(one, tuple | list):
        assert len(one) == len(other), at
        for k, each in enumerate(one):
            same(each, other[k], f"{at}[{k}]")
    else:
        same_value(one, other, at)


def same_value(one, other, at):
    if isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), at
        assert one.tobytes() == other.tobytes(), at
    elif isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=at)
    elif isinstance(one, float):
        assert one.hex() == other.hex(), at
    else:
        assert one == other, at


def test_every_kind_of_result_is_tried(results):
    assert set(results) == set(RESULTS)
    assert all(type(result).__name__ == name for name, result in results.items())


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_is_read_back_equal_to_the_bit(results, kind, tmp_path):
    results[kind].save(tmp_path / "result.json")
    found = ps.read_result(tmp_path / "result.json")
    same(results[kind], found, kind)
    assert found.to_dict() == results[kind].to_dict()
    assert found.to_csv() == results[kind].to_csv()
    assert repr(found) == repr(results[kind])
    assert found._repr_html_() == results[kind]._repr_html_()


def test_what_is_read_back_goes_on(results, tmp_path):
    results["Comparison"].save(tmp_path / "result.json")
    found = ps.read_result(tmp_path / "result.json")
    ours, theirs = ps.decide(found), results["Decision"]
    assert ours.table().equals(theirs.table())
    assert found.replications().equals(results["Comparison"].replications())
    (first, *_) = ours.options[0].switching
    assert first.input.value(0.5) == theirs.options[0].switching[0].input.value(0.5)


def test_the_same_result_gives_the_same_file_and_of_it_again(results, tmp_path):
    results["Decision"].save(tmp_path / "a.json")
    ps.read_result(tmp_path / "a.json").save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_every_class_that_a_file_may_hold_can_be_made():
    assert all(fields_of(class_of(name)) or issubclass(class_of(name), Strict) for name in MODULES)


def test_the_file_is_plain_json_under_a_version(results, tmp_path):
    results["Run"].save(str(tmp_path / "run.json"))
    data = json.loads((tmp_path / "run.json").read_text(), parse_constant=pytest.fail)
    assert list(data) == ["schema", "version", "sha256", "result"]
    assert data["schema"] == "pathsim.saved/1"
    assert data["result"]["kind"] == "Run"


@pytest.mark.parametrize("kind", RESULTS)
def test_tables_and_plain_data_go_to_files_or_come_as_text(results, kind, tmp_path):
    result = results[kind]
    assert result.to_csv(tmp_path / "t.csv") is None
    assert result.to_json(tmp_path / "t.json") is None
    text = (tmp_path / "t.csv").read_text(encoding="utf-8")
    assert text == result.to_csv()
    assert len(pd.read_csv(StringIO(text))) > 0
    assert json.loads((tmp_path / "t.json").read_text()) == json.loads(json.dumps(result.to_dict()))
    assert (tmp_path / "t.json").read_text() == result.to_json()


@pytest.fixture
def file(results, tmp_path):
    results["Run"].save(tmp_path / "run.json")
    return tmp_path / "run.json"


def refusal(file):
    with pytest.raises(ps.InputError) as error:
        ps.read_result(file)
    assert str(file) in str(error.value)
    return str(error.value)


def test_a_file_cut_short_is_refused(file):
    file.write_text(file.read_text()[:-100])
    assert "is no JSON, or not whole" in refusal(file)


def test_a_figure_changed_by_hand_is_refused(file):
    text = file.read_text()
    file.write_text(text.replace('"replications":3', '"replications":4', 1))
    assert "is spoilt: it is not as it was written" in refusal(file)


def test_a_file_of_a_newer_format_is_refused(file):
    file.write_text(file.read_text().replace("pathsim.saved/1", "pathsim.saved/2", 1))
    words = refusal(file)
    assert "in a format that this version does not read" in words
    assert "found 'pathsim.saved/2'; allowed: pathsim.saved/1" in words


@pytest.mark.parametrize("text", ["{}", "[]", "3", '{"schema": "other/1"}', '{"schema": 3}'])
def test_another_file_of_json_is_refused(file, text):
    file.write_text(text)
    assert "is no saved result" in refusal(file)


def test_deep_lists_are_refused(file):
    file.write_text("[" * 100_000 + "]" * 100_000)
    assert "is" in refusal(file)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "Popen", "id": 0}, "is of no result; found 'Popen'"),
        ({"kind": "Request", "id": 0}, "is of no result; found 'Request'"),
        ({"kind": "Run", "id": 0}, "is spoilt"),
        ({"kind": "Run", "request": {"kind": "again", "id": 7}}, "is spoilt"),
        ({"kind": "Run", "request": {"kind": "os.system", "of": "x"}}, "is spoilt"),
        ([], "is spoilt"),
    ],
    ids=str,
)
def test_what_is_forged_makes_nothing(file, body, words):
    whole = json.dumps(body, separators=(",", ":"))
    head = {"schema": "pathsim.saved/1", "sha256": sha256(whole.encode()).hexdigest()}
    file.write_text(json.dumps({**head, "result": body}))
    assert words in refusal(file)


def test_no_file_and_no_place_are_refused(results, tmp_path):
    assert "no such file" in refusal(tmp_path / "none.json")
    with pytest.raises(ps.InputError, match="is a folder"):
        results["Run"].save(tmp_path)
    with pytest.raises(ps.InputError, match="is a folder"):
        results["Run"].to_csv(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_result_cannot_be_saved(tmp_path):
    with pytest.raises(EngineError, match="a object cannot be saved"):
        save_result(object(), tmp_path / "x.json")


def test_numbers_that_json_lacks_keep_every_bit():
    numbers = np.array([np.nan, -np.nan, np.inf, -np.inf, -0.0, 5e-324, 0.1])
    text = json.dumps(as_plain({"a": numbers, "b": [*numbers.tolist()]}), allow_nan=False)
    found = made_of(json.loads(text))
    same({"a": numbers}, {"a": found["a"]}, "numbers")
    assert np.array(found["b"]).tobytes() == numbers.tobytes()
