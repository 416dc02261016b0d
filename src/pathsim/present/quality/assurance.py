"""An assurance sheet by the headings of the Aqua Book (HM Treasury)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import effort_said, grades_said, inputs_said, interval_said, version_said
from .item import Item, QualitySheet

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison


def assurance(comparison: Comparison) -> QualitySheet:
    """Return the sheet."""
    return QualitySheet(
        "Assurance of the analysis",
        "By the headings of the Aqua Book (HM Treasury, Guidance on producing quality analysis for "
        "government). A person signs it; a run cannot.",
        (*_people(), *_scope(comparison), *_checks(comparison), *_delivery(comparison)),
    )


def _people() -> tuple[Item, ...]:
    return (
        Item("Commissioner", blank="Name, role, date."),
        Item("Senior responsible owner", blank="Name, role, date."),
        Item("Analysts", blank="Names and roles."),
        Item("Analytical assurer, who did not do the analysis", blank="Name, role, date."),
    )


def _scope(comparison: Comparison) -> tuple[Item, ...]:
    titles = ", ".join(option.request.title for option in comparison.options)
    return (
        Item(
            "Question and scope",
            f"What changes against {comparison.baseline.request.title} with: {titles}.",
            "The question as the commissioner put it; what is out of scope.",
        ),
        Item(
            "How much assurance is in proportion", blank="By what hangs on the decision, and why."
        ),
        Item(
            "Data and assumptions",
            f"{grades_said(comparison)}. Files: {inputs_said(comparison)}.",
            "Who agreed the assumptions, and when; what local data was checked against.",
        ),
    )


def _checks(comparison: Comparison) -> tuple[Item, ...]:
    balance = comparison.baseline.out_of_balance
    return (
        Item(
            "Verification: the model does what it says",
            f"{version_said(comparison)}. The project's tests compare two engines event by event "
            "and with known answers (docs/how-do-we-know.md).",
            "That the tests (make test) passed for this version, by whom and when.",
        ),
        Item(
            "Validation: the model is right for the question",
            "docs/how-do-we-know.md and docs/calibration.md have what it was held against. "
            + (f"Out of balance: {balance}" if balance else "The baseline is in balance."),
            "Whether the figures are credible to those who run the services; own outcomes by "
            "pathsim cohort validate.",
        ),
        Item(
            "Uncertainty",
            f"{effort_said(comparison)}; {interval_said(comparison)}.",
            "What no interval holds: doubt about the mechanisms, and how it was weighed.",
        ),
        Item(
            "Reproduction",
            f"All inputs together: SHA-256 {comparison.provenance['inputs_sha256']}; "
            f"{effort_said(comparison)}.",
            "That somebody else got the same figures from these files, by whom and when.",
        ),
    )


def _delivery(comparison: Comparison) -> tuple[Item, ...]:
    return (
        Item(
            "Limits told with the result",
            "The report's page on method and limits; grades beside the figures that they drive.",
            "Which limits matter most for this decision.",
        ),
        Item(
            "Equality", "The report's and the workbook's tables by group.", "The impact assessment."
        ),
        Item(
            "Sign-off",
            f"Run finished {comparison.provenance['finished']}.",
            "Who, when, with what conditions.",
        ),
    )
