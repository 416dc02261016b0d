"""A scenario's values and services as Markdown tables, for a page about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pathsim.scenario.model import Scenario
from pathsim.scenario.offences import groups_in_words
from pathsim.scenario.parameter import Quantity
from pathsim.scenario.service import Service, Trigger

NAMED_IN = "Named in "
"""In a service's note, what goes before where the service is named."""
_TRIGGERS = {
    "release": "release",
    "pre_release": "before release",
    "reoffence": "arrest",
    "homeless": "homelessness",
}


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
    of_offences = groups_in_words(service.groups_acted_on, before=" of ")
    if service.custody_ratio.value != 1:
        return "chance of custody", service.custody_ratio
    if service.houses:
        return "housing: settled on leaving", service.exit_settled_share
    if service.after_ratio.source != "mechanism not used" and service.hazard_ratio.value == 1:
        return f"hazard{of_offences} afterwards", service.after_ratio
    return f"hazard{of_offences}", service.hazard_ratio


def workings(scenario: Scenario, service: Service) -> str:
    """Return the mechanisms that a service uses, in words."""
    parts = ["on " + ", ".join(_comes_by(service.trigger))]
    if service.pool:
        review = scenario.pools[service.pool].review_days.value
        parts.append("shared places" + (f", given every {review:g} days" if review else ""))
    elif service.capacity != "unlimited":
        parts.append(f"{service.capacity.value:g} places")
    queue = scenario.pools[service.pool].max_queue if service.pool else service.max_queue
    if queue != "unlimited":
        parts.append(f"at most {queue.value:g} waiting")
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
    words += [f"`{name}`" for name in trigger.services]
    return words + [f"completing `{name}`" for name in trigger.of]


def services_table(scenario: Scenario) -> str:
    """Return the services of a scenario, one a line, as a Markdown table."""
    heads = ("service", "id", "pathway", "how it works", "effect", "grade", "source", "named in")
    lines = [row(heads), row(("---",) * len(heads))]
    for name, service in scenario.services.items():
        words, ratio = effect(service)
        interval = "" if ratio.low is None else f" ({ratio.low:g} to {ratio.high:g})"
        lines.append(
            row(
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
    return "\n".join(lines) + "\n"


def row(cells: tuple[str, ...]) -> str:
    """Return a line of a Markdown table."""
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def named_in(service: Service) -> str:
    """Return the paragraph of the documents that names a service."""
    return service.note.rpartition(NAMED_IN)[2].removesuffix(".")
