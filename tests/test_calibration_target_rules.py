"""What a target may say, and where targets are read from: each bound and each default."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pathsim.errors import InputError
from pathsim.study.calibration import Parameter, Target, Targets, read_targets
from pathsim.study.calibration.targets import targets_of
from test_calibration_targets import TARGETS

PLAIN: dict[str, Any] = {"id": "x", "title": "X", "published": 0.4, "source": "a test"}
RATIO = {"measure": "reoffences_per_reoffender"}
FREE: dict[str, Any] = {"key": "hazard.adult_level", "median": 1.0, "log_sd": 0.5, "reason": "r"}


def target(**said: Any) -> Target:
    return Target(**PLAIN | said)


def refused(**said: Any) -> str:
    with pytest.raises(InputError) as caught:
        target(**said)
    return str(caught.value)


def test_a_target_is_a_rate_of_everybody_that_is_left_out_unless_it_says_otherwise():
    found = target()
    assert (found.measure, found.groups, found.fitted) == ("rate", (), False)
    assert (found.days, found.se, found.discrepancy) == (91.25, 0.0, 0.0)
    assert (found.tolerance, found.near, found.discrepancy_reason) == (None, 0.01, "")
    assert (found.counted, found.missed_because) == ("a quarter", "")
    assert found.is_share
    assert not target(**RATIO).is_share


def test_a_share_lies_below_1_and_a_ratio_need_not():
    assert "is out of range" in refused(published=1.0)
    assert target(published=0.999).published == 0.999
    assert target(published=1.0, **RATIO).published == 1.0
    for key in ("days", "tolerance"):
        assert key in refused(**{key: 0.0})
        assert getattr(target(**{key: 1e-6}), key) == 1e-6
    for key in ("se", "discrepancy"):
        assert key in refused(**{key: -0.1})


@pytest.mark.parametrize(
    ("published", "more", "allowed"),
    [
        (1e-300, {}, "0.0001 to 0.9999"),
        (0.00009, {}, "0.0001 to 0.9999"),
        (0.99991, {}, "0.0001 to 0.9999"),
        (0.00009, RATIO, "0.0001 or more"),
    ],
)
def test_a_figure_is_at_least_a_ten_thousandth_and_a_share_as_far_from_1(published, more, allowed):
    said = refused(published=published, **more)
    assert "published" in said
    assert allowed in said
    for edge in (0.0001, 0.9999):
        assert target(published=edge, **more).published == edge


@pytest.mark.parametrize(
    "key", ["title", "follow_up.days", "follow_up.memory_days", "cohort.adults", "costs.x", "hazrd"]
)
def test_what_says_who_is_followed_and_how_cannot_be_free(key):
    with pytest.raises(InputError, match=r"key: cannot be free: .*allowed: the dotted key of a"):
        Parameter(**FREE | {"key": key})
    for free in ("services.a.referral", "courts.magistrates_delay_days"):
        assert Parameter(**FREE | {"key": free}).key == free


def test_a_key_has_no_quotes():
    with pytest.raises(InputError, match="key: has quotes in it"):
        Parameter(**FREE | {"key": 'hazard.multipliers."sex=male"'})


def test_a_fitted_target_needs_an_error_of_either_kind():
    assert "needs se or discrepancy" in refused(fitted=True)
    assert target(fitted=True, se=0.1).fitted
    assert target(fitted=True, discrepancy=0.1, discrepancy_reason="r").fitted
    assert "needs discrepancy_reason" in refused(discrepancy=0.1)
    assert target(discrepancy_reason="r").discrepancy == 0.0


def test_what_is_read_from_logs_is_left_out_and_of_all_who_are_released():
    for measure in ("housed", "settled"):
        assert target(measure=measure).measure == measure
        assert "cannot be fitted, only left out" in refused(measure=measure, fitted=True, se=0.1)
        assert f"cannot be said of '{measure}'" in refused(measure=measure, groups=("sex=male",))


def test_groups_are_levels_each_once():
    assert len(target(groups=("sex=male", "sex=female")).groups) == 2
    assert "name one group twice" in refused(groups=("sex=male", "sex=male"))
    assert not target(groups=("sex=male", "sex=female")).is_crossed
    assert target(groups=("sex=male", "age_group=adult")).is_crossed


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"se": 0.03, "discrepancy": 0.04}, 0.05 / (0.4 * 0.6)),
        ({"se": 0.3, "published": 2.0, **RATIO}, 0.15),
        ({}, 0.0),
    ],
)
def test_the_error_on_its_scale_is_that_of_the_figure_over_the_slope(more, error):
    assert target(discrepancy_reason="r", **more).log_error == pytest.approx(error, rel=1e-12)


def test_names_are_shown_and_there_is_one_of_each():
    assert "holds a character that is not shown" in refused(id="a\u202eb")
    one = Parameter(**FREE)
    two = Parameter(**FREE | {"key": "hazard.youth_level"})
    found = Targets(title="T", parameters=(one, two), targets=(target(), target(id="y")))
    assert found.fitted == ()
    for parts, said in (
        ({"parameters": (one, two, one)}, "'hazard.adult_level' is given twice"),
        ({"targets": (target(), target())}, "'x' is given twice"),
        ({"parameters": ()}, "parameters"),
        ({"targets": ()}, "targets"),
    ):
        known: dict[str, Any] = {"title": "T", "parameters": (one,), "targets": (target(),)}
        with pytest.raises(InputError, match=said):
            Targets(**known | parts)
    both = (target(id="y"), target(id="z", fitted=True, se=0.1))
    assert [each.id for each in found.model_copy(update={"targets": both}).fitted] == ["z"]


def test_targets_are_read_by_path_or_by_their_shipped_name(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(TARGETS, encoding="utf-8")
    assert read_targets(file) == read_targets(str(file))
    assert read_targets("dorset") == read_targets(Path("dorset"))
    with pytest.raises(
        InputError, match=r"^no calibration targets of this name are shipped; found"
    ):
        read_targets("xyzzy")
    with pytest.raises(InputError, match=r"or a \.toml file$"):
        read_targets("xyzzy")
    anything: Any = 3
    with pytest.raises(InputError, match=r"^targets: .*or the name of shipped calibration targets"):
        read_targets(anything)


def test_a_scenarios_targets_lie_beside_its_file_or_beside_what_it_extends(tmp_path):
    base, option, other = (tmp_path / name for name in ("base", "option", "other"))
    for folder in (base, option, other):
        folder.mkdir()
    files = [SimpleNamespace(path=str(folder / "s.toml")) for folder in (base, option, other)]
    scenario: Any = SimpleNamespace(lineage=SimpleNamespace(files=files))
    with pytest.raises(
        InputError, match=r"^targets: the scenario has none of its own: no .*dorset"
    ):
        targets_of(scenario)
    (base / "targets.toml").write_text("", encoding="utf-8")
    assert targets_of(scenario) == base / "targets.toml"
    (option / "targets.toml").write_text("", encoding="utf-8")
    assert targets_of(scenario) == option / "targets.toml"
