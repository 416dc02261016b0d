"""Where a long key, path or sum may be broken on a narrow page."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup, escape

from pathsim.text import visible

_AFTER: Final = "./_"
_SUM: Final = 64
_PART: Final = 8


def with_breaks(text: str) -> Markup:
    """Return a key, a path or a SHA-256 with places at which a line may end."""
    if len(text) == _SUM and text.isalnum():
        return Markup("<wbr>").join(text[k : k + _PART] for k in range(0, _SUM, _PART))
    said = str(escape(visible(text)))
    for sign in _AFTER:
        said = said.replace(sign, f"{sign}<wbr>")
    return Markup(said)
