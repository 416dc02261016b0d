"""Write the tables of pages, and of the national scenario, that follow from others: `make tables`.

Each stands between two marks in its file. A test holds every one to what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pathsim.engine.counted import OUTCOMES
from pathsim.scenario.evidence.register import register, shares_in_markdown
from pathsim.scenario.evidence.table import evidence_table
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Quantity
from pathsim.scenario.service import Service, Trigger
from pathsim.study.calibration.pages import replace_between
from pathsim.vocabulary import PAYERS

ROOT = Path(__file__).parents[1]
DORSET, NATIONAL = (
    ROOT / "scenarios" / name / "baseline.toml" for name in ("dorset", "england-and-wales")
)
NAMED_IN = "Named in "
SHARED = ("offending", "courts", "sentencing", "custody", "accommodation", "costs")
"""Sections of the system that are the same wherever people live."""
SHARED_TABLES = (
    "cohort.need",
    "cohort.domestic_abuse_share",
    "follow_up.days",
    "follow_up.waiting_days",
    "follow_up.intake_days",
    "hazard.shape",
)
CALIBRATED = (
    "hazard.adult_level",
    "hazard.youth_level",
    "hazard.frailty_sigma",
    "hazard.multipliers",
)
_PANEL = "Dorset Police and Crime Panel, 1 February 2024, Rehabilitation of offenders"
_SERVICES = "Pan-Dorset Community Safety Partnerships, Services to tackle reoffending, 2024"
MECHANISMS = {
    "community order": ("sentencing.community_order_days", f"{_SERVICES}, The Probation Service"),
    "suspended sentence order": ("sentencing.suspended_sentence_days", f"{_PANEL}, paragraph 3.5"),
    "activation of a suspended sentence": (
        "sentencing.activation_share",
        f"{_PANEL}, paragraph 3.5",
    ),
    "breach of an order": (
        "sentencing.breach.community_order_per_day",
        f"{_SERVICES}, Substance Misuse Treatment Services",
    ),
    "suspended-sentence presumption": ("sentencing.presumption.share", f"{_PANEL}, paragraph 3.5"),
    "remand": ("courts.crown_remand_share", f"{_PANEL}, The prison estate"),
    "home detention curfew": ("custody.curfew.share", f"{_PANEL}, paragraph 10.10"),
    "licence recall": ("custody.recall.le6m_per_day", f"{_PANEL}, paragraph 10.10"),
    "post-sentence supervision": (
        "custody.supervision_days",
        f"{_SERVICES}, The Probation Service",
    ),
    "custody capacity and Operation Safeguard": (
        "custody.capacity",
        f"{_PANEL}, The prison estate",
    ),
}
"""What the documents name and the model does by itself: where it is set, where it is named."""
_TRIGGERS = {
    "release": "release",
    "pre_release": "before release",
    "reoffence": "arrest",
    "homeless": "homelessness",
}


class Written(NamedTuple):
    """What a file says between two marks."""

    file: Path
    marks: tuple[str, str]
    text: Callable[[], str]


def main() -> None:
    """Write every table anew."""
    for each in tables():
        replace_between(each.file, each.marks, each.text())


def tables() -> tuple[Written, ...]:
    """Return everything that is written here."""
    pages = ROOT / "docs"
    return (
        Written(pages / "model.md", _marks("payers"), payers_line),
        Written(pages / "model.md", _marks("outcomes"), outcomes_table),
        Written(pages / "dorset.md", _marks("values"), lambda: values_table(load(DORSET))),
        Written(pages / "services.md", _marks("services"), lambda: services_tables(load(DORSET))),
        Written(pages / "evidence.md", _marks("by grade"), lambda: grades_table(load(DORSET))),
        Written(
            NATIONAL,
            ("# shared with Dorset: begin", "# shared with Dorset: end"),
            shared_text,
        ),
    )


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def payers_line() -> str:
    """Return who pays, as a sentence."""
    return f"Booked to one of the payers: {', '.join(PAYERS)}.\n"


def outcomes_table() -> str:
    """Return the outcomes of people as a Markdown table."""
    rows = [("outcome", "meaning"), ("---", "---")]
    rows += [(f"`{each.name}`", each.meaning) for each in OUTCOMES]
    return "".join(f"{_row(row)}\n" for row in rows)


def sourced(tree: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a resolved scenario that carries a source, with its dotted key."""
    if isinstance(tree, dict) and "source" in tree:
        yield path, tree
    elif isinstance(tree, dict):
        for key, value in tree.items():
            yield from sourced(value, f"{path}.{key}" if path else key)


def in_use(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return the parts that carry a source, but for those of mechanisms that are not used."""
    parts = dict(sourced(scenario.model_dump()))
    return {key: part for key, part in parts.items() if part["source"] != "mechanism not used"}


def values_table(scenario: Scenario) -> str:
    """Return the values of a scenario, one a line, as a Markdown table."""
    lines = ["| key | value | grade | source | note |", "|---|---|---|---|---|"]
    for key, part in in_use(scenario).items():
        cells = (f"`{key}`", _value(part), part["grade"], part["source"], part.get("note", ""))
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _value(part: dict[str, Any]) -> str:
    if "kind" in part or "value" not in part:
        words = {"source", "grade", "note", "evidence"}
        said = (f"{key} {_said(value)}" for key, value in part.items() if key not in words)
        return ", ".join(said).removeprefix("kind constant, value ").removeprefix("kind ")
    interval = f" ({part['low']:g} to {part['high']:g})" if part["low"] is not None else ""
    return f"{part['value']:g}{interval}" + (
        f", {part['price_year']}" if part["price_year"] else ""
    )


def _said(value: Any) -> str:
    if isinstance(value, str) and value.startswith("/"):  # a table's path on this machine
        return Path(value).name
    if isinstance(value, tuple | list):
        return " ".join(_said(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def effect(service: Service) -> tuple[str, Quantity]:
    """Return what drives a service's effect, in words and as the parameter."""
    if service.custody_ratio.value != 1:
        return "chance of custody", service.custody_ratio
    if service.houses:
        return "housing: settled on leaving", service.exit_settled_share
    if service.after_ratio.source != "mechanism not used" and service.hazard_ratio.value == 1:
        return "hazard afterwards", service.after_ratio
    return "hazard", service.hazard_ratio


def workings(scenario: Scenario, service: Service) -> str:
    """Return the mechanisms that a service uses, in words."""
    parts = ["on " + ", ".join(_comes_by(service.trigger))]
    if service.pool:
        review = scenario.pools[service.pool].review_days.value
        parts.append("shared places" + (f", given every {review:g} days" if review else ""))
    elif service.capacity != "unlimited":
        parts.append(f"{service.capacity.value:g} places")
    if service.requires_any:
        parts.append("with " + " or ".join(f"`{name}`" for name in service.requires_any))
    if service.drop_out_share.value:
        parts.append("drop-out")
    if service.after_days.expected():
        parts.append("after-effect")
    if service.houses:
        parts.append("houses")
    parts += [f"ends on {each.replace('_', ' ')}" for each in service.ends_on]
    return "; ".join(parts)


def _comes_by(trigger: Trigger) -> list[str]:
    words = [each.replace("_", " ") for each in trigger.disposals]
    words += [word for key, word in _TRIGGERS.items() if getattr(trigger, key)]
    return words + [f"`{name}`" for name in trigger.services]


def services_tables(scenario: Scenario) -> str:
    """Return both tables of the guide: the services, and what the model does by itself."""
    heads = ("service", "id", "pathway", "how it works", "effect", "grade", "source", "named in")
    lines = [_row(heads), _row(("---",) * len(heads))]
    for name, service in scenario.services.items():
        words, ratio = effect(service)
        interval = "" if ratio.low is None else f" ({ratio.low:g} to {ratio.high:g})"
        lines.append(
            _row(
                (
                    service.title,
                    f"`{name}`",
                    service.pathway.replace("_", " "),
                    workings(scenario, service),
                    f"{words} {ratio.value:g}{interval}",
                    ratio.grade,
                    ratio.source,
                    named_in(service),
                )
            )
        )
    lines += ["", "## What the model does by itself", ""]
    lines += [_row(("mechanism", "set by", "named in")), _row(("---",) * 3)]
    lines += [_row((name, f"`{key}`", where)) for name, (key, where) in MECHANISMS.items()]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def named_in(service: Service) -> str:
    """Return the paragraph of the documents that names a service."""
    return service.note.rpartition(NAMED_IN)[2].removesuffix(".")


def grades_table(scenario: Scenario) -> str:
    """Return how much of a scenario rests on what grade, as a Markdown table."""
    return shares_in_markdown(register(scenario, evidence_table())) + "\n"


def _is_shared(table: str) -> bool:
    if table.startswith(CALIBRATED) or table == "hazard":
        return False
    section = table.partition(".")[0]
    return section in SHARED or table.startswith(("hazard.", *SHARED_TABLES))


def shared_text() -> str:
    """Return the text of the tables of Dorset's baseline that hold for the country too."""
    blocks = re.split(r"^(?=\[)", DORSET.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = []
    for block in blocks[1:]:
        name = re.match(r"\[+([^\]]*)\]", block)
        if name and _is_shared(name[1]):
            # Comments at the end of a block head the next one.
            kept.append(re.sub(r"(\n\s*#[^\n]*|\n\s*)*\Z", "", block) + "\n\n")
    return "\n" + "".join(kept)


if __name__ == "__main__":
    main()
