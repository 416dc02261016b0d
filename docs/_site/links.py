"""Links that work on the code host as well as on the site."""

from __future__ import annotations

from typing import Any

ON_THE_SITE = {
    "](../notebooks/": "](notebooks/",
    "](../CHANGELOG.md": "](changes.md",
    "](../README.md": "](index.md",
    "](../benchmarks/README.md": "](benchmark-models.md",
    "](../benchmarks/peers)": "](benchmark-models.md)",
}
"""Pages whose files are outside the folder that the site is built from."""


def on_the_site(text: str) -> str:
    """Return the source of a page with the addresses that its links have on the site."""
    for there, here in ON_THE_SITE.items():
        text = text.replace(there, here)
    return text


def _read(_: Any, __: str, source: list[str]) -> None:
    source[0] = on_the_site(source[0])


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _read)
    return {"parallel_read_safe": True}
