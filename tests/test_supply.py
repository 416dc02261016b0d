"""What the install needs, under licences that bind nobody who passes it on."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from docs.supply import (
    COPYLEFT,
    PERMISSIVE,
    UNKNOWN,
    WEAK,
    installed,
    kind_of,
    needed,
    plain,
)

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/supply.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("licence", "kind"),
    [
        ("MIT", PERMISSIVE),
        ("BSD License", PERMISSIVE),
        ("Apache License, Version 2.0", PERMISSIVE),
        ("Apache License, Proprietary", UNKNOWN),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", PERMISSIVE),
        ("GPL-3.0-or-later OR MIT", PERMISSIVE),
        ("(GPL-2.0-only OR AGPL-3.0-only)", COPYLEFT),
        ("MIT AND GPL-3.0-or-later", COPYLEFT),
        ("GNU General Public License v3 (GPLv3)", COPYLEFT),
        ("GNU Affero General Public License v3", COPYLEFT),
        ("GNU Library or Lesser General Public License (LGPL)", WEAK),
        ("LGPL-2.1-or-later", WEAK),
        ("MPL-2.0", WEAK),
        ("MIT AND Proprietary", UNKNOWN),
        ("", UNKNOWN),
        ("Permitted to some", UNKNOWN),
    ],
)
def test_what_a_licence_asks(licence, kind):
    assert kind_of(licence) == kind


def test_all_that_the_core_needs_is_permissive_and_listed():
    core = [each for each in installed() if each.needed_by == "core"]
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    direct = {plain(re.match(r"[\w-]+", each).group()) for each in asked}
    assert direct < {each.name for each in core}
    assert [each for each in core if each.kind != PERMISSIVE] == []
    listed = set(re.findall(r"^\| `([\w-]+)` \|", PAGE, re.MULTILINE))
    assert {each.name for each in core} <= listed


def test_what_extras_need_is_permissive_but_what_the_page_names():
    others = {
        each.name
        for each in installed()
        if each.needed_by != "development" and each.kind != PERMISSIVE
    }
    assert others == {"certifi", "odfpy"}
    assert "`certifi`" in PAGE
    assert "`odfpy`" in PAGE


def test_what_is_needed_follows_extras_and_what_these_need():
    core, report = needed(), needed("offender-pathsim", "report")
    assert {"numpy", "llvmlite", "pydantic-core"} < core < report
    assert {"jinja2", "markupsafe"} < report
    assert not {"pytest", "sphinx", "jinja2"} & core
    assert "starlette" in needed("offender-pathsim", "all") - report


def test_the_list_is_written_with_a_line_for_each(tmp_path):
    file = tmp_path / "licences.csv"
    command = [sys.executable, str(ROOT / "docs/supply.py"), "--out", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert len(rows) == len(installed())
    numpy = next(row for row in rows if row["name"] == "numpy")
    assert numpy["needed_by"] == "core"
    assert numpy["version"]
    assert re.match(rf"core: {len(needed())} distributions: {len(needed())} permi", done.stdout)
