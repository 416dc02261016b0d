"""Quality sheets as a page of Markdown, to be filled in, and of HTML, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.text import in_html, visible

from .assurance import assurance
from .framework import framework
from .stress import stress

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison

    from .item import QualitySheet

_HEADS: Final = ("Item", "From the run", "To be filled in")
_STYLE: Final = (
    "body{font:1rem/1.5 sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{border:1px solid #767676;padding:.4rem;text-align:left;vertical-align:top;"
    "overflow-wrap:break-word}:root{color-scheme:light dark}"
)


def quality_markdown(comparison: Comparison) -> str:
    """Return the sheets as Markdown; a blank to be filled in is marked with `[ ]`."""
    lines = [f"# Quality sheets: {_markdown(_title(comparison))}", ""]
    for sheet in _sheets(comparison):
        blanks = f"{len(sheet.blanks)} of {len(sheet.items)} items have a blank."
        lines += [f"## {sheet.title}", "", sheet.about, blanks, ""]
        lines += [f"| {' | '.join(_HEADS)} |", "|---|---|---|"]
        lines += [
            f"| {_markdown(item.asked)} | {_markdown(item.said)} | "
            f"{'[ ] ' + _markdown(item.blank) if item.blank else ''} |"
            for item in sheet.items
        ]
        lines += ["", f"### Blanks of {sheet.title}", ""]
        lines += [
            f"- [ ] {_markdown(item.asked)}: {_markdown(item.blank)}" for item in sheet.blanks
        ]
        lines.append("")
    return "\n".join(lines)


def quality_html(comparison: Comparison) -> str:
    """Return the sheets as one HTML page that stands alone."""
    title = f"Quality sheets: {in_html(_title(comparison))}"
    body = "".join(_section(sheet) for sheet in _sheets(comparison))
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )


def _section(sheet: QualitySheet) -> str:
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "".join(
        f'<tr><th scope="row">{in_html(item.asked)}</th><td>{in_html(item.said)}</td>'
        f"<td>{in_html(item.blank)}</td></tr>\n"
        for item in sheet.items
    )
    caption = f"{len(sheet.blanks)} of {len(sheet.items)} items have a blank"
    return (
        f"<h2>{in_html(sheet.title)}</h2><p>{in_html(sheet.about)}</p>\n<table><caption>{caption}"
        f"</caption><thead><tr>{heads}</tr></thead><tbody>\n{rows}</tbody></table>\n"
    )


def _sheets(comparison: Comparison) -> tuple[QualitySheet, ...]:
    return stress(comparison), assurance(comparison), framework(comparison)


def _title(comparison: Comparison) -> str:
    return f"options beside {comparison.baseline.request.title}"


def _markdown(text: str) -> str:
    """Return text as it stands in a cell of a table: no markup, no end of the cell."""
    plain = visible(" ".join(text.split()))
    for sign in "\\`*_[]<>|#":
        plain = plain.replace(sign, f"\\{sign}") if sign in plain else plain
    return plain
