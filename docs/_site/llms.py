"""Write llms.txt: one line a page, for programs that read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ABOUT = (
    "pathsim simulates the pathways of offenders through justice and services, and compares "
    "options with a baseline on proven reoffending and cost."
)


def lines(env: Any, first: str) -> list[str]:
    """Return the title and the address of every page, in the order of the contents."""
    every = [first, *(name for name in _in_order(env, first))]
    return [f"- [{env.titles[name].astext()}]({name}.html)" for name in every]


def _in_order(env: Any, name: str) -> list[str]:
    below = env.toctree_includes.get(name, [])
    return [each for child in below for each in (child, *_in_order(env, child))]


def _write(app: Any, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        page = [f"# {app.config.project}", "", f"> {ABOUT}", "", "## Pages", ""]
        page += lines(app.env, app.config.root_doc)
        Path(app.outdir, "llms.txt").write_text("\n".join(page) + "\n", encoding="utf-8")


def setup(app: Any) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True}
