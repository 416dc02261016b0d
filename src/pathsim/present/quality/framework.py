"""The partnership's performance framework, with what a comparison says of each theme."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.outcomes.names import SERVICE_PREFIX, meaning
from pathsim.outcomes.values import EVERYBODY
from pathsim.present.words import difference_words

from .item import Item, QualitySheet

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison, OptionResult

_FILE: Final = "data/performance_framework.toml"


def framework(comparison: Comparison) -> QualitySheet:
    """Return the sheet: figures where the model has one, else what is to be filled in."""
    found = _measures()
    return QualitySheet(
        found["title"],
        "Themes and measures that the Pan-Dorset Reducing Reoffending Strategy Group names. "
        "Simulated figures stand beside them in place of none; they are no monitoring data.",
        tuple(_item(comparison, each) for each in found["measures"]),
    )


@cache
def _measures() -> dict[str, Any]:
    text = files("pathsim").joinpath(_FILE).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _item(comparison: Comparison, measure: dict[str, Any]) -> Item:
    asked = f"{measure['theme']} ({measure['source']})"
    if "outcome" in measure:
        said = _of(comparison, measure["outcome"], measure.get("group", EVERYBODY))
    else:
        services = comparison.baseline.request.scenario.services
        named = [name for name in measure.get("services", ()) if name in services]
        starts = {name: _of(comparison, f"{SERVICE_PREFIX}{name}.starts") for name in named}
        said = "; ".join(f"{services[name].title}: {told}" for name, told in starts.items())
    nothing = "The scenario has nothing of this: figures from the partnership."
    return Item(asked, said, measure.get("blank", "" if said else nothing))


def _of(comparison: Comparison, outcome: str, group: str = EVERYBODY) -> str:
    """Return an outcome of the baseline and what each option makes of it, in words."""
    told = [_beside(option, outcome, group) for option in comparison.options]
    return f"{meaning(outcome).title}: {', '.join(filter(None, told))}" if any(told) else ""


def _beside(option: OptionResult, outcome: str, group: str) -> str:
    if (outcome, group) not in option.rows:
        return ""
    row = option.rows.index((outcome, group))
    if not np.isfinite(option.paired.baseline[row]):
        return ""
    words = difference_words(option, row)
    return f"{words.baseline} to {words.option} ({option.request.title})"
