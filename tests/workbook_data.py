"""What a workbook is made of, and how it is read back."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import openpyxl

import pathsim as ps
from pathsim.decision.results import results_data
from priced_town import priced_town, with_more, with_some

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

HEAD_ROW = 3
HOW = {"draws": 32, "replications": 2, "seed": 3}


def told_of_town(folder: Path) -> dict[str, Any]:
    """Return what results.json holds of two options of the priced town."""
    town = priced_town(folder)
    compared = ps.compare(town, [with_more(town), with_some(town)], **HOW)
    return results_data(compared)


def with_text(told: dict[str, Any], said: str) -> dict[str, Any]:
    """Return results in which every text that a user writes is `said`, with numbers kept apart.

    Titles of options differ by a number at the end; a level of the attribute sex is `said` too.
    """
    spoilt = deepcopy(told)
    run, decision = spoilt["run"], spoilt["decision"]
    run["scenario"] = {"title": said, "file": said}
    run["inputs"] = [{"of": said, "path": said, "sha256": said}]
    run["people_from"] = said
    run["unpaired"] = [said]
    for each in run["outcomes"].values():
        each["title"] = each["of"] = said
    spoilt["baseline"]["title"] = said
    decision["paragraph"] = said
    decision["chance_best"] = {
        said + " " * k: chance for k, chance in enumerate(decision["chance_best"].values())
    }
    spoilt["parameters"] = {}
    for option in spoilt["options"]:
        option["title"] = said
        option["groups"] = {
            f"sex={said}" if group == "sex=male" else group: people
            for group, people in option["groups"].items()
        }
        for row in option["outcomes"]:
            row["group"] = f"sex={said}" if row["group"] == "sex=male" else row["group"]
        for part in (*option["about"]["changes"], *option["about"]["effects"]):
            part.update({name: said for name, value in part.items() if isinstance(value, str)})
    for option in decision["options"]:
        option["title"] = option["optimism_bias_by"] = said
        option["by_payer"] = {said: 1.0}
        for part in (*option["switching"], *option["evppi"]):
            part["parameter"] = said
        for group in option["equality"]["groups"]:
            group["group"] = group["note"] = said
    for each in decision["frontier"]:
        each["best"] = said
    spoilt["prices"][0].update(dict.fromkeys(("key", "title", "price_year", "source"), said))
    return spoilt


def little(told: dict[str, Any]) -> dict[str, Any]:
    """Return results with one option and few outcomes and groups, which are written quickly."""
    short = deepcopy(told)
    short["options"] = short["options"][:1]
    option = short["options"][0]
    option["outcomes"] = [row for row in option["outcomes"] if row["group"] in ("all", "sex=male")]
    return short


def opened(file: bytes) -> openpyxl.Workbook:
    """Return a workbook as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(file))


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    """Return the rows of a sheet's table by its heads, less their notes."""
    heads, *rows = list(sheet.iter_rows(min_row=HEAD_ROW, values_only=True))
    names = [str(head).partition("\n")[0] for head in heads]
    return [dict(zip(names, row, strict=True)) for row in rows]
