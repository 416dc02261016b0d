"""The page of quality sheets in a browser: no fault of access, no scroll sideways, no request."""

from __future__ import annotations

import pytest

import pathsim as ps
from browser import chromium, faults_of, page, scrolls_sideways
from pathsim.present.quality import quality_html
from small_scenario import write_scenarios


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_the_page_of_quality_sheets_is_for_everybody(tmp_path, width, dark):
    chromium()
    folder = write_scenarios(tmp_path)
    compared = ps.compare(folder / "baseline.toml", [folder / "more.toml"], draws=0, replications=2)
    file = tmp_path / "quality.html"
    file.write_text(quality_html(compared), encoding="utf-8")
    asked = []
    with page(width=width, dark=dark) as opened:
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(file.as_uri())
        assert faults_of(opened) == []
        assert not scrolls_sideways(opened)
    assert asked == [file.as_uri()]
