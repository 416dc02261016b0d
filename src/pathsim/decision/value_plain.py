"""What options are worth as plain data, under a version of its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pathsim.outcomes.retold import told_source
from pathsim.vocabulary import PAYERS

from .shapes.shape import as_shaped, interval, number
from .shapes.value import ValueShape

if TYPE_CHECKING:
    from .studied import Studies
    from .value import OptionValue, Value


def value_data(value: Value) -> dict[str, Any]:
    """Return what options are worth as plain data for JSON."""
    data = {
        "schema": "pathsim.value/1",
        "run": dict(value.comparison.provenance),
        "appraisal_years": value.terms.years,
        "schedule": str(value.terms.schedule),
        "options": [_option(each) for each in value.options],
        "studies": None if value.studies is None else _studies(value.studies),
    }
    return as_shaped(ValueShape, data)


def _option(each: OptionValue) -> dict[str, Any]:
    found = each.appraisal.expected
    payers = [
        {name: part if name == "payer" else number(part) for name, part in row.items()}
        for row in each.payers().to_dict(orient="records")
    ]
    return {
        "title": each.title,
        "file": told_source(each.option.request.file),
        "npsv": interval(each.npsv),
        "public": interval(each.public),
        "bcr": number(found.bcr),
        "cashable": number(found.cashable),
        "not_cashable": number(found.non_cashable),
        "reoffences_avoided": number(found.reoffences_avoided),
        "cost_per_reoffence_avoided": number(found.cost_per_reoffence_avoided),
        "payback_years": number(found.payback_years),
        "equivalent_annual_value": number(found.equivalent_annual_value),
        "equivalent_annual_cost": number(found.equivalent_annual_cost),
        "optimism_bias_by": each.appraisal.terms.grade,
        "payers": payers,
        "years": [_year(row) for row in each.years().to_dict(orient="records")],
    }


def _year(row: dict[Any, Any]) -> dict[str, Any]:
    plain = {name: number(part) for name, part in row.items() if name not in ("year", *PAYERS)}
    by_payer = {payer: number(row[payer]) for payer in PAYERS}
    return {"year": int(row["year"]), "by_payer": by_payer, **plain}


def _studies(studies: Studies) -> dict[str, Any]:
    design, best, asked = studies.design, studies.best, studies.asked
    return {
        "parameter": None if studies.measured is None else studies.measured.label,
        "design": "" if design is None else design.said,
        "prior_people": None if design is None else number(design.prior_size),
        "evppi": number(studies.known),
        "reducible": float(asked.reducible),
        "waits_years": asked.waits,
        "sizes": [
            {
                "people": int(row["size"]),
                **{name: number(row[name]) for name in _STUDY_FIGURES},
                "said": row["said"],
            }
            for row in studies.table.to_dict(orient="records")
        ],
        "best": None if best is None else {"people": best.size, "net_benefit": best.net_benefit},
        "said": studies.said,
    }


_STUDY_FIGURES = ("evsi", "se", "worth", "cost", "net_benefit")
