"""LibreOffice for tests of the workbook."""

from __future__ import annotations

import os

import pytest

from pathsim.present.workbook import soffice


def need_soffice() -> None:
    """Go on where LibreOffice is; in CI a missing one is a failure, elsewhere a skipped test."""
    if soffice():
        return
    if os.environ.get("CI"):
        pytest.fail("LibreOffice is missing: make browser", pytrace=False)
    pytest.skip("LibreOffice is missing: make browser")
