"""A mistake in an option or with a file is refused where it is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.scenario import load

DATA = Path(__file__).parent / "data" / "scenarios"
TEXT = (DATA / "baseline.toml").read_text(encoding="utf-8")
SERVICES = "iom_fixed, gps_tag, treatment"


def _line(words: str, text: str) -> int:
    """Return the line on which `words` stand, which must be one line only."""
    (line,) = [number for number, each in enumerate(text.splitlines(), 1) if words in each]
    return line


def _refusal(path: Path) -> str:
    """Return the refusal's text with the folder taken away."""
    with pytest.raises(InputError) as refusal:
        load(path)
    return str(refusal.value).replace(f"{path.parent}/", "")


def _refusal_of_option(tmp_path: Path, said: str) -> str:
    (tmp_path / "baseline.toml").write_text(TEXT, encoding="utf-8")
    head = 'extends = "baseline.toml"\ntitle = "O"\n'
    (tmp_path / "o.toml").write_text(head + said, encoding="utf-8")
    return _refusal(tmp_path / "o.toml")


# ---------------------------------------------------------------- options

OF_OPTIONS = {
    "unknown service": (
        "[services.gps_tga]\ncapacity = 36",
        "o.toml:3: services.gps_tga: no service is called 'gps_tga'; did you mean 'gps_tag'?; "
        f"allowed: {SERVICES}; or a new service with title, trigger, referral, duration_days",
    ),
    "unknown pool": (
        '[pools.beds]\norder = "first_come"',
        "o.toml:3: pools.beds: no pool is called 'beds'; as a new pool it lacks capacity; "
        "allowed: iom; or a new pool with capacity",
    ),
    "incomplete new service": (
        '[services.hostel]\ntitle = "Hostel"\nreferral = 0.5\ncapacity = 10',
        "o.toml:3: services.hostel: no service is called 'hostel'; "
        "as a new service it lacks trigger, duration_days; "
        f"allowed: {SERVICES}; or a new service with title, trigger, referral, duration_days",
    ),
    "bad number": (
        "[services.gps_tag]\nhazard_ratio = 0.5\nreferral = 2",
        "o.toml:5: services.gps_tag.referral: is out of range; found 2; allowed: between 0 and 1",
    ),
    "bad source": (
        "[services.gps_tag]\nsource = 3\nreferral = 0.2",
        "o.toml:4: services.gps_tag.source: has the wrong type; found 3; allowed: text",
    ),
    "bad parameter": (
        "[services.treatment]\nduration_days = { men = 3 }",
        "o.toml:4: services.treatment.duration_days.men: unknown key of kind 'exponential'; "
        "did you mean 'mean'?; allowed: source, grade, note, evidence, kind, mean",
    ),
    "shares by key": (
        "[sentencing.disposals]\nfine = 0.9",
        "o.toml:3: sentencing.disposals: shares must sum to 1; found 1.2",
    ),
    "a circle through both files": (
        '[services.iom_fixed]\nrequires_any = ["gps_tag"]',
        "o.toml:4: services.iom_fixed.requires_any: goes round in a circle: "
        "iom_fixed -> gps_tag -> iom_fixed",
    ),
    "a dated change of the cohort": (
        "from_day = 30\n[follow_up]\ndays = 30",
        "o.toml:4: follow_up: cannot be changed by an option with from_day",
    ),
    "what was before": (
        '[before]\ntitle = "x"',
        "o.toml:3: before: is made from what the option extends, and cannot be given",
    ),
    "a word for a date": (
        'from_day = "30"',
        "o.toml:3: from_day: has the wrong type; found '30'; allowed: a number",
    ),
    "a number for a table": (
        "services = 3",
        "o.toml:3: services: has the wrong type; found 3; allowed: a table",
    ),
}


@pytest.mark.parametrize("mistake", OF_OPTIONS)
def test_a_mistake_in_an_option_names_the_option(mistake: str, tmp_path: Path) -> None:
    said, message = OF_OPTIONS[mistake]
    assert _refusal_of_option(tmp_path, said + "\n") == message


def test_a_mistake_in_the_baseline_names_the_baseline_though_an_option_was_loaded(
    tmp_path: Path,
) -> None:
    (tmp_path / "b.toml").write_text(TEXT.replace("capacity = 74", "capacity = -74"))
    (tmp_path / "o.toml").write_text('extends = "b.toml"\ntitle = "O"\nhazard.adult_level = 1\n')
    line = _line("capacity = 74", TEXT)
    assert _refusal(tmp_path / "o.toml").startswith(f"b.toml:{line}: pools.iom.capacity: ")


def test_a_mistake_that_the_option_makes_of_the_baseline_names_where_the_key_is_written(
    tmp_path: Path,
) -> None:
    said = '[pools.gps_tag]\ncapacity = 3\n[services.iom_fixed]\nrequires_any = ["no"]\n'
    assert _refusal_of_option(tmp_path, said).splitlines() == [
        "o.toml:3: pools.gps_tag: has the id of a service; 'gps_tag' can be only one of them",
        "o.toml:6: services.iom_fixed.requires_any[0]: no service is called 'no'; found 'no'; "
        "allowed: gps_tag, iom_fixed, treatment",
    ]


def test_an_option_needs_a_title_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text(f'extends = "{DATA}/baseline.toml"\n')
    assert _refusal(tmp_path / "o.toml") == (
        "o.toml: title: an option needs a title of its own; allowed: text"
    )


# ---------------------------------------------------------------- files


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "baseline.toml").write_text(TEXT, encoding="utf-8")
    assert _refusal(tmp_path / "basline.toml") == (
        "basline.toml: no such file; did you mean 'baseline.toml'?"
    )


def test_a_missing_baseline_is_refused_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text('title = "O"\nextends = ["no.toml"]\n')
    assert _refusal(tmp_path / "o.toml") == (
        "o.toml:2: extends[0]: no such file; did you mean 'o.toml'?; found 'no.toml'"
    )


def test_a_directory_is_not_a_scenario(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        load(tmp_path)
    assert str(refusal.value) == (
        f"{tmp_path}: is a directory, not a file; allowed: a scenario file in TOML"
    )


def test_a_directory_as_a_baseline_is_refused(tmp_path: Path) -> None:
    (tmp_path / "o.toml").write_text('title = "O"\nextends = "."\n')
    with pytest.raises(InputError, match="is a directory, not a file"):
        load(tmp_path / "o.toml")


def test_a_file_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b'schema_version = 1\ntitle = "caf\xe9"\n')
    assert _refusal(tmp_path / "b.toml") == (
        "b.toml:2: is not UTF-8 text; found b'\\xe9'; allowed: UTF-8"
    )


def test_an_unfinished_file_is_refused_on_its_last_line(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text('title = "x"\na = """never ends\n\n', encoding="utf-8")
    assert _refusal(tmp_path / "b.toml") == "b.toml:2: is not TOML: unterminated string"


def test_arrays_nested_without_end_are_refused(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text("a = " + "[" * 100_000, encoding="utf-8")
    assert _refusal(tmp_path / "b.toml") == (
        "b.toml: is nested too deeply to be read; "
        "allowed: at most 20 tables and lists within each other"
    )


def test_an_empty_file_is_told_all_that_a_scenario_needs(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text("")
    assert _refusal(tmp_path / "b.toml").splitlines() == [
        f"b.toml: {key}: is missing"
        for key in ("cohort", "follow_up", "hazard", "sentencing", "title")
    ]


@pytest.mark.parametrize("extends", ["3", '""', "[]", '["a.toml", 3]'])
def test_extends_names_files(tmp_path: Path, extends: str) -> None:
    (tmp_path / "o.toml").write_text(f'title = "O"\nextends = {extends}\n')
    refusal = _refusal(tmp_path / "o.toml")
    assert refusal.startswith("o.toml:2: extends: must name what the option extends; found ")
    assert refusal.endswith("; allowed: a file name, or a list of file names")


def test_a_circle_of_extends_is_refused_with_the_whole_circle(tmp_path: Path) -> None:
    for name, extends in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f'title = "x"\nextends = "{extends}.toml"\n')
    assert _refusal(tmp_path / "a.toml") == (
        "c.toml:2: extends: goes round in a circle: a.toml -> b.toml -> c.toml -> a.toml"
    )


def test_a_file_that_extends_itself_is_a_circle_by_whatever_path(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "a.toml").write_text('title = "x"\nextends = ["deep/../a.toml"]\n')
    assert _refusal(tmp_path / "a.toml") == (
        "a.toml:2: extends[0]: goes round in a circle: a.toml -> a.toml"
    )


def test_options_of_different_baselines_are_not_combined(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "o.toml").write_text('title = "x"\nextends = ["a.toml", "b.toml"]\n')
    assert _refusal(tmp_path / "o.toml") == (
        "o.toml:2: extends[1]: options must extend one baseline; this one rests on 'b.toml', "
        "those before it on 'a.toml'; found 'b.toml'"
    )
