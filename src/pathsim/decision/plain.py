"""A decision as plain data, under a version of its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.outcomes.retold import told_source

from .equality import equality_sentence
from .sentence import of_the_set, paragraph
from .shapes.decision import DECISION, DecisionShape
from .shapes.shape import as_shaped, interval, number

if TYPE_CHECKING:
    from .decide import Decision, OptionDecision
    from .equality import GroupBenefit

SIDES: Final = ("baseline", "option")


def as_data(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain data for JSON; amounts are pounds over the years appraised."""
    names = [decision.comparison.baseline.request.title, *(each.title for each in decision.options)]
    frontier = decision.frontier
    data = {
        "schema": DECISION,
        "run": dict(decision.comparison.provenance),
        "years": decision.terms.years,
        "paragraph": of_the_set(decision),
        "options": [_option(each) for each in decision.options],
        "evpi": {"value": decision.evpi.evpi, "se": decision.evpi.se},
        "chance_best": dict(zip(names, decision.best.tolist(), strict=True)),
        "frontier": [
            {
                "worth_of_a_reoffence_avoided": float(threshold),
                "best": names[int(frontier.best[k])],
                "chance": float(frontier.frontier[k]),
                "evpi": float(frontier.evpi[k]),
            }
            for k, threshold in enumerate(frontier.thresholds)
        ],
    }
    return as_shaped(DecisionShape, data)


def _option(each: OptionDecision) -> dict[str, Any]:
    expected = each.appraisal.expected
    return {
        "title": each.title,
        "file": told_source(each.option.request.file),
        "paragraph": paragraph(each),
        "npsv": interval(each.npsv),
        "bcr": number(expected.bcr),
        "public": interval(each.public),
        "reoffences_avoided": interval(each.avoided),
        "cost_per_reoffence_avoided": number(expected.cost_per_reoffence_avoided),
        "payback_years": number(expected.payback_years),
        "equivalent_annual_value": number(expected.equivalent_annual_value),
        "cashable": number(expected.cashable),
        "non_cashable": number(expected.non_cashable),
        "by_payer": {payer: number(gain) for payer, gain in expected.gain.items()},
        "optimism_bias_by": each.appraisal.terms.grade,
        "switching": [
            {
                "parameter": switch.input.label,
                "value": number(switch.value),
                "low": number(switch.input.low),
                "high": number(switch.input.high),
                "fails": "above" if switch.fails_above else "below",
                "inside_interval": switch.inside,
            }
            for switch in each.switching
        ],
        "evppi": [
            {
                "parameter": worth.input.label,
                "value": number(worth.pounds),
                "se": number(worth.se),
                "resolved": worth.resolved,
            }
            for worth in each.evppi
        ],
        "equality": {
            "sentence": equality_sentence(each.equality),
            "groups": [_group(group) for group in each.equality],
        },
    }


def _group(each: GroupBenefit) -> dict[str, Any]:
    return {
        "attribute": each.attribute,
        "group": each.group,
        "people": each.people,
        "change": interval(each.change) if each.change else None,
        "beside_everybody": interval(each.beside) if each.beside else None,
        "starts": dict(zip(SIDES, map(number, each.starts), strict=True)),
        "mean_wait_days": dict(zip(SIDES, map(number, each.wait), strict=True)),
        "note": each.note,
    }
