"""Sheets of a decision: value for money, payers, what would turn it, what is worth knowing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.vocabulary import PAYER_TITLES

from .cells import NOT_APPLICABLE, Cell, figure, text
from .sheet import NUMBER, POUNDS, RATIO, SHARE, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WORTH: Final = (
    ("Net present social value", "pounds", "npsv", POUNDS),
    ("Benefit for each pound of cost", "ratio", "bcr", RATIO),
    ("Gain of the public purse", "pounds", "public", POUNDS),
    ("Of this, cash", "pounds", "cashable", POUNDS),
    ("Of this, time and places set free", "pounds", "non_cashable", POUNDS),
    ("Reoffences avoided of a year's people", "number", "reoffences_avoided", NUMBER),
    ("Public cost of a reoffence avoided", "pounds", "cost_per_reoffence_avoided", POUNDS),
    ("Payback", "years", "payback_years", NUMBER),
    ("Equivalent annual value", "pounds", "equivalent_annual_value", POUNDS),
)
"""What is told of each option: in words, its unit, its name in results.json, how it is shown."""
_CHANCE: Final = "Chance that it is above 0 (%)"
_VALUE_HEADS: Final = ("Option", "Measure", "Unit", "Value", "Low (95%)", "High (95%)", _CHANCE)
_PARTS: Final = ("mean", "low", "high", "probability_above_0")


def decided(told: Mapping[str, Any]) -> Iterator[Sheet]:
    """Give the sheets of a decision; none where no states of the world were drawn."""
    decision = told.get("decision")
    if decision is None:
        return
    yield _value(decision)
    yield _best(decision)
    yield _payers(decision)
    yield _switching(told, decision)
    yield _worth_knowing(told, decision)
    yield _frontier(decision)


def _value(decision: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = []
    formats = []
    for option in decision["options"]:
        for said, unit, name, shown in _WORTH:
            rows.append((text(option["title"]), said, unit, *_cells(option[name])))
            formats.append(shown)
        grade = text(option["optimism_bias_by"])
        rows.append(_alone(option["title"], "Optimism bias by evidence graded", "grade", grade))
        formats.append("General")
    return Sheet(
        "Value for money",
        f"Value for money over {decision['years']} years, by the Green Book",
        _VALUE_HEADS,
        rows,
        f"Present value over {decision['years']} years; gains are above 0.",
        {_CHANCE: SHARE},
        formats,
        {"Measure": "npsv", "Value": "payback", "Low (95%)": "interval"},
    )


def _cells(found: Any) -> tuple[Cell, ...]:
    if isinstance(found, dict):
        return tuple(figure(found[part]) for part in _PARTS)
    # No payback, and no cost of what is not avoided, are answers and no gaps.
    return (figure(found, otherwise=NOT_APPLICABLE), *[NOT_APPLICABLE] * (len(_PARTS) - 1))


def _alone(title: str, said: str, unit: str, cell: Cell) -> tuple[Cell, ...]:
    return (text(title), said, unit, cell, *[NOT_APPLICABLE] * (len(_PARTS) - 1))


def _best(decision: Mapping[str, Any]) -> Sheet:
    chance = "Chance that it is worth most (%)"
    rows: list[tuple[Cell, ...]] = [
        (text(title), figure(found)) for title, found in decision["chance_best"].items()
    ]
    return Sheet(
        "Worth most",
        "Chance that each is worth most, the baseline among them",
        ("Option or baseline", chance),
        rows,
        "By net present social value.",
        {chance: SHARE},
        notes={chance: "best"},
    )


def _payers(decision: Mapping[str, Any]) -> Sheet:
    gain = "Gain (£)"
    rows: list[tuple[Cell, ...]] = [
        (text(option["title"]), text(PAYER_TITLES.get(payer, payer)), figure(found))
        for option in decision["options"]
        for payer, found in option["by_payer"].items()
    ]
    return Sheet(
        "Payers",
        f"Who pays and who gains over {decision['years']} years",
        ("Option", "Payer", gain),
        rows,
        "Pounds at present value; gains are above 0, costs below.",
        {gain: POUNDS},
        notes={"Payer": "payer"},
    )


def _switching(told: Mapping[str, Any], decision: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            text(option["title"]),
            _quantity(told, each["parameter"]),
            text(each["parameter"]),
            *(figure(each[name]) for name in ("value", "low", "high")),
            text(each["fails"]),
            figure(each["inside_interval"]),
        )
        for option in decision["options"]
        for each in option["switching"]
    ]
    numbers = ("Value at which it turns", "Low end of its interval", "High end of its interval")
    return Sheet(
        "What turns the answer",
        "At which value of a quantity an option stops, or begins, to be worth it",
        ("Option", "Quantity", "Key", *numbers, "It fails", "Inside its interval"),
        rows,
        "Each quantity in its own unit, as the scenario has it under its key.",
        dict.fromkeys(numbers, "General"),
        notes={numbers[0]: "switching"},
    )


def _worth_knowing(told: Mapping[str, Any], decision: Mapping[str, Any]) -> Sheet:
    heads = ("Worth (£)", "Standard error (£)")
    rows: list[tuple[Cell, ...]] = [
        (
            text(option["title"]),
            _quantity(told, each["parameter"]),
            text(each["parameter"]),
            figure(each["value"]),
            figure(each["se"]),
            figure(each["resolved"]),
        )
        for option in decision["options"]
        for each in option["evppi"]
    ]
    everything = decision["evpi"]
    rows.append(
        ("All options and the baseline", "everything at once", NOT_APPLICABLE,
         figure(everything["value"]), figure(everything["se"]), NOT_APPLICABLE)
    )  # fmt: skip
    return Sheet(
        "Worth knowing",
        "What it would be worth to know a quantity for sure before choosing",
        ("Option", "Quantity", "Key", *heads, "Told apart from chance"),
        rows,
        f"Pounds at present value over {decision['years']} years: the most that research may cost.",
        dict.fromkeys(heads, POUNDS),
        notes={heads[0]: "evppi"},
    )


def _frontier(decision: Mapping[str, Any]) -> Sheet:
    pays, chance, worth = (
        "Worth of a reoffence avoided (£)",
        "Chance that it is best (%)",
        "Worth of knowing everything (£)",
    )
    rows: list[tuple[Cell, ...]] = [
        (
            figure(each["worth_of_a_reoffence_avoided"]),
            text(each["best"]),
            figure(each["chance"]),
            figure(each["evpi"]),
        )
        for each in decision["frontier"]
    ]
    return Sheet(
        "Best by willingness to pay",
        "Which option is best by what the public purse would pay for a reoffence avoided",
        (pays, "Best", chance, worth),
        rows,
        "The best one has the highest expected net benefit at that price.",
        {pays: POUNDS, chance: SHARE, worth: POUNDS},
    )


def _quantity(told: Mapping[str, Any], key: str) -> str:
    return text(told.get("parameters", {}).get(key, key))
