"""No file of code is longer than 400 lines: one concept a file."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES = 400
FOLDERS = ("src", "tests", "benchmarks", "docs")


def too_long(root: Path) -> dict[str, int]:
    """Return the files of code below `root` with more lines than allowed."""
    files = (file for folder in FOLDERS for file in sorted((root / folder).rglob("*.py")))
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    return {str(file.relative_to(root)): n for file, n in lines.items() if n > MOST_LINES}


def test_no_file_is_longer_than_allowed():
    assert too_long(ROOT) == {}


@pytest.mark.parametrize(("lines", "found"), [(400, {}), (401, {"src/deep/long.py": 401})])
def test_a_file_that_is_too_long_is_seen(tmp_path, lines, found):
    file = tmp_path / "src" / "deep" / "long.py"
    file.parent.mkdir(parents=True)
    file.write_text("x = 1\n" * lines, encoding="utf-8")
    assert too_long(tmp_path) == found
