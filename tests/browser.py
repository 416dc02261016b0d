"""A headless Chromium for tests of pages: without requests, with axe's rules and the ARIA tree."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def chromium() -> str:
    """Return where Chromium is; in CI a missing one is a failure, elsewhere the test is skipped."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("Chromium is missing: make browser", pytrace=False)
    pytest.skip("Chromium is missing: make browser")


@contextmanager
def page(*, width: int = 1280, dark: bool = False, scripts: bool = True) -> Iterator[Page]:
    """Give a page of a new browser."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium(), args=list(_ARGUMENTS))
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
        )
        opened = context.new_page()
        try:
            yield opened
        finally:
            browser.close()


def faults_of(opened: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA, one line a node."""
    options = {"runOnly": {"type": "tag", "values": list(_WCAG)}}
    found = Axe().run(opened, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def scrolls_sideways(opened: Page) -> bool:
    """Return whether the page itself, not a region of it, is wider than the window."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(opened.evaluate(wide))
