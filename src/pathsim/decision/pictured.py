"""Differences as what people can picture: offences, people and pounds of a year's cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.outcomes.values import EVERYBODY

from .shapes.shape import number

if TYPE_CHECKING:
    from pathsim.outcomes.results import OptionResult

_RATE: Final = "proven_reoffending_rate"
_FROM_SENTENCE: Final = "reoffences_from_sentence_per_person"
_PER: Final = {
    "people_reoffending": (_RATE, "index_events"),
    "offences_from_sentence": (_FROM_SENTENCE, "people"),
}
"""A mean, and of how many it is; times them it is a number that can be pictured."""


def pictured(option: OptionResult) -> dict[str, dict[str, float | None]]:
    """Return differences of an option from the baseline in numbers of people and offences.

    people_reoffending: people of the cohort, or index events, with a proven reoffence on the
    official clock; offences_from_sentence: proven reoffences in as many days from the sentence.
    Each is the difference of the rate times the baseline's number; negative where it falls.
    """
    columns = option.columns()
    found: dict[str, dict[str, float | None]] = {}
    for name, (outcome, of) in _PER.items():
        row = option.rows.index((outcome, EVERYBODY))
        size = _size(option, of)
        found[name] = {
            "difference": number(columns["difference"][row] * size),
            "low": number(columns["low"][row] * size),
            "high": number(columns["high"][row] * size),
            "of": number(size),
        }
    return found


def _size(option: OptionResult, of: str) -> float:
    if of == "people":
        return float(option.sizes.get(EVERYBODY, 0))
    return float(option.paired.baseline[option.rows.index((of, EVERYBODY))])
