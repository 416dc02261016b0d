"""Write the tables of pages, and of the national scenario, that follow from others: `make tables`.

Each stands between two marks in its file. A test holds every one to what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from pathsim.engine.counted import OUTCOMES, TOTALS, Outcome, Total
from pathsim.present.pages import row, services_table, values_table
from pathsim.scenario.evidence.register import register, shares_in_markdown
from pathsim.scenario.evidence.table import evidence_table
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.study.calibration.pages import replace_between
from pathsim.vocabulary import PAYERS

ROOT = Path(__file__).parents[1]
DORSET, NATIONAL = (
    ROOT / "scenarios" / name / "baseline.toml" for name in ("dorset", "england-and-wales")
)
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
    "hazard.decay_per_year",
    "offending.further_offences_ratio",
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
        Written(pages / "model.md", _marks("outcomes"), lambda: outcomes_table(OUTCOMES)),
        Written(pages / "model.md", _marks("outcomes by year"), lambda: outcomes_table(TOTALS)),
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


def outcomes_table(outcomes: Iterable[Outcome | Total]) -> str:
    """Return outcomes of people as a Markdown table."""
    rows = [("outcome", "meaning"), ("---", "---")]
    rows += [(f"`{each.name}`", each.meaning) for each in outcomes]
    return "".join(f"{row(cells)}\n" for cells in rows)


def services_tables(scenario: Scenario) -> str:
    """Return both tables of the guide: the services, and what the model does by itself."""
    lines = ["## What the model does by itself", ""]
    lines += [row(("mechanism", "set by", "named in")), row(("---",) * 3)]
    lines += [row((name, f"`{key}`", where)) for name, (key, where) in MECHANISMS.items()]
    return services_table(scenario) + "\n" + "\n".join(lines) + "\n"


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
