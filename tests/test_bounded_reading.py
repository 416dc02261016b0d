"""Whatever a file is, reading it ends soon, with a clear word."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.errors import MOST_PROBLEMS, InputError, Problem, nearest
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.read import MOST_VALUES
from pathsim.study.calibration import read_posterior, read_targets
from small_scenario import BASELINE, write_scenarios

PATIENCE_SECONDS = 6.0
"""Of the processor, whatever else the machine does; two are meant on one of today."""


def refusal(path: Path) -> str:
    begun = time.process_time()
    with pytest.raises(InputError) as error:
        load(path)
    assert time.process_time() - begun < PATIENCE_SECONDS
    assert len(error.value.problems) <= MOST_PROBLEMS + 1
    return str(error.value).replace(f"{path.parent}/", "")


def written(folder: Path, text: str) -> Path:
    (folder / "o.toml").write_text(text, encoding="utf-8")
    return folder / "o.toml"


def of_option(folder: Path, extends: str) -> str:
    write_scenarios(folder)
    return refusal(written(folder, f'extends = "{extends}"\ntitle = "O"\n'))


# ---------------------------------------------------------------- what is no file


@pytest.mark.parametrize("reader", [load, read_posterior, read_targets])
@pytest.mark.parametrize(
    ("name", "message"),
    [("pipe.toml", "is a pipe, not a file"), ("zero.toml", "is a device, not a file")],
)
def test_every_reader_refuses_what_is_no_regular_file(tmp_path, reader, name, message):
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "zero.toml").symlink_to("/dev/zero")
    with pytest.raises(InputError, match=message):
        reader(tmp_path / name)


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("/dev/zero", "o.toml:1: extends: names /dev/zero, which is a device, not a file; found"),
        (".", "is a directory, not a file"),
        ("/proc/self/mem", "names /proc/self/mem, which cannot be read: Input/output error"),
        ("/proc/version", "/proc/version:1: is not TOML: expected '=' after a key"),
        ("a\\u0000b", "o.toml:1: extends: must name what the option extends; found 'a\\x00b'"),
        ("x" * 5000, "o.toml:1: extends: no such file; found 'xxx"),
        ("loop.toml", "names loop.toml, which cannot be read: Too many levels of symbolic links"),
        ("baseline.tmol", "o.toml:1: extends: no such file"),
    ],
)
def test_an_option_of_what_is_no_file_is_refused(tmp_path, extends, message):
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    assert message in of_option(tmp_path, extends)


def test_a_missing_file_is_told_with_the_nearest_name(tmp_path):
    assert "did you mean 'baseline.toml'?" in of_option(tmp_path, "baselin.toml")


def test_a_table_with_a_nul_in_its_name_is_refused_on_its_line(tmp_path):
    text = BASELINE.replace('kind = "rows"', 'kind = "table"\nfile = "a\\u0000"').split("rows = [")
    path = written(tmp_path, text[0] + text[1].split("]\n", maxsplit=1)[1])
    assert refusal(path) == "o.toml:7: cohort.file: is no file name: it holds a NUL"


def test_a_chain_of_too_many_files_is_refused(tmp_path):
    for number in range(300):
        text = f'extends = "{number + 1}.toml"\ntitle = "O"\n'
        (tmp_path / f"{number}.toml").write_text(text)
    assert refusal(tmp_path / "0.toml").endswith("allowed: at most 100")


def test_a_file_that_many_extend_is_read_once(tmp_path):
    write_scenarios(tmp_path)
    above = '"baseline.toml"'
    for number in range(40):  # read anew by each that extends it, these were 2^40 readings
        for side in "ab":
            capacity = 2 * number + (side == "b") + 10
            text = f'extends = [{above}]\ntitle = "O"\nservices.mentor.capacity = {capacity}\n'
            (tmp_path / f"{number}{side}.toml").write_text(text)
        above = f'"{number}a.toml", "{number}b.toml"'
    begun = time.process_time()
    load(tmp_path / "39a.toml")
    assert time.process_time() - begun < 2 * PATIENCE_SECONDS


# ---------------------------------------------------------------- what is too much

MANY = {
    "a million keys": "".join(f"key{number} = 0\n" for number in range(1_000_000)),
    "a key of a thousand parts": "b = 1\n" + "a." * 999 + "a = 1\n",
    "a key of very many parts": "a." * 450_000 + "a = 1\n",
    "tables in tables": "a = " + "{a = " * 150_000,
    "arrays in arrays": "a = " + "[" * 400_000,
    "a deep array that ends": "a = " + "[" * 60 + "]" * 60,
    "as many keys as may be": "".join(f"key{number} = 0\n" for number in range(MOST_VALUES - 9)),
    "as many levels as may be": "[hazard.multipliers]\n"
    + "".join(f"'sex=mal{number}' = 1\n" for number in range(MOST_VALUES - 9)),
    "as many services as may be": "".join(
        f"[services.s{number}]\nrequires_any = ['x{number}']\n"
        for number in range(MOST_VALUES // 3 - 9)
    ),
    "many names of evidence": "[costs.caution_gbp]\n"
    + "".join(f"k{number} = {{ evidence = 'x{number}' }}\n" for number in range(6_000)),
    "one long key": f'"{"a" * 900_000}" = 1\n',
    "one long number": f"a = 0x{'f' * 900_000}\n",
    "numbers in a row": f"a = [{'1,' * 400_000}]\n",
}


@pytest.mark.parametrize("case", MANY)
def test_much_of_anything_is_refused_soon(tmp_path, case):
    said = refusal(written(tmp_path, MANY[case]))
    assert len(said) < 200_000
    if case == "a million keys":
        assert said == (
            "o.toml: has 13,888,890 bytes, and so is too large; allowed: at most 1,000,000 bytes"
        )
    deep = "is nested too deeply to be read; allowed: at most 20 tables and lists within each other"
    if case == "a key of a thousand parts":
        assert said == f"o.toml:2: {deep}"
    if case in ("tables in tables", "a deep array that ends"):
        assert said == f"o.toml: {deep}"


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path):
    with pytest.raises(InputError, match="has no end, or is too large; allowed: at most 10 bytes"):
        read_text(Path("/proc/self/status"), most=10)


def test_a_compressed_file_is_told_as_such(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(b"\x1f\x8b\x08\x00\xff")
    with pytest.raises(InputError, match=r"is compressed \(gzip\), not text; unpack it first"):
        read_posterior(tmp_path / "a.csv.gz")


def test_a_table_of_too_many_rows_is_refused_before_it_is_parsed(tmp_path):
    (tmp_path / "people.csv").write_bytes(b"id\n" + b"a\n" * 20_000_000)
    begun = time.process_time()
    with pytest.raises(InputError, match="has too many rows; found 20000001; allowed: a row for"):
        Cohort.from_csv(tmp_path / "people.csv")
    assert time.process_time() - begun < PATIENCE_SECONDS


@pytest.mark.parametrize("corner", ["XFD1048576", "ALK1048576"])
def test_a_stray_cell_in_the_corner_of_a_sheet_is_no_end_of_time(tmp_path, corner):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra 'excel' is not installed")
    book = openpyxl.Workbook()
    book.active["A1"] = "id"
    book.active[corner] = 1
    book.save(tmp_path / "people.xlsx")
    begun = time.process_time()
    with pytest.raises(InputError, match="the sheet 'Sheet' is too large; allowed: up to 1,000"):
        Cohort.from_csv(tmp_path / "people.xlsx")
    assert time.process_time() - begun < PATIENCE_SECONDS


def test_the_limit_is_above_what_is_shipped():
    shipped = Path(__file__).parents[1] / "scenarios"
    assert max(path.stat().st_size for path in shipped.rglob("*.toml")) < SCENARIO_BYTES / 4


def test_a_change_is_bounded_as_a_file_is(tmp_path):
    scenario = load(write_scenarios(tmp_path) / "baseline.toml")
    with pytest.raises(InputError, match="nested too deeply"):
        scenario.change("x", {".".join("a" * 3000): 1})
    within: dict[str, object] = {}
    within["a"] = within
    with pytest.raises(InputError, match=r"^cohort: is nested too deeply"):
        scenario.change("x", {"cohort": within})
    with pytest.raises(InputError, match="has too many keys and values"):
        scenario.change("x", {"cohort.rows": [{"people": 1}] * MOST_VALUES})


# ---------------------------------------------------------------- what is told


def test_no_refusal_is_silent():
    assert str(InputError()) == "cannot be used; no reason was found, please report"


def test_a_misspelt_grade_beside_a_word_is_told(tmp_path):
    wrong = 'capacity = { value = 6, source = "x", grade = "offical" }'
    path = written(tmp_path, BASELINE.replace("capacity = 6", wrong))
    assert refusal(path).startswith(
        "o.toml:31: services.mentor.capacity.grade: is not known here; did you mean 'official'?; "
        "found 'offical'; allowed: "
    )


def test_what_is_over_is_counted():
    problems = [Problem(f"number {number}") for number in range(MOST_PROBLEMS + 7)]
    assert str(InputError(*problems)).endswith("number 49\nand 7 more problems")


def test_a_problem_is_one_line_that_a_terminal_only_shows():
    problem = Problem(
        "is\nwrong", key="a\x1b[31m", found="x\u202ey", allowed="\x07", file=Path("\r")
    )
    assert str(problem) == r"\r: a\x1b[31m: is\nwrong; found 'x\u202ey'; allowed: \x07"


def test_the_nearest_name_is_not_looked_for_without_end():
    begun = time.process_time()
    assert nearest("x" * 1_000_000, ["y"]) == ""
    nearest("name_12345x", (f"name_{number}" for number in range(10_000_000)))
    assert time.process_time() - begun < 2.0
