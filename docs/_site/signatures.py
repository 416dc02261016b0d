"""Long signatures as plain blocks: Sphinx writes them as lists of definitions without terms."""

from __future__ import annotations

import re
from typing import Any

LIST = re.compile(r"<dl>\n((?:<dd>.*?</dd>\n)+)</dl>", re.DOTALL)


def plain(body: str) -> str:
    """Return a page's HTML with each argument of a signature in a block of its own."""
    return LIST.sub(lambda found: _blocks(found[1]), body)


def _blocks(arguments: str) -> str:
    return arguments.replace("<dd>", '<div class="sig-argument">').replace("</dd>", "</div>")


def _write(_: Any, __: str, ___: str, context: dict[str, Any], ____: Any) -> None:
    if "body" in context:
        context["body"] = plain(context["body"])


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", _write)
    return {"parallel_read_safe": True}
