"""What the sections of the report are called."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {
    "answer": "The question and the answer",
    "summary": "One page for a meeting",
    "questions": "Questions, and where they are answered",
    "compare": "The options compared",
    "payers": "Who pays and who gains",
    "certainty": "How sure, and why",
    "turning": "What would change our mind",
    "value": "Value for money",
    "whom": "What changes, and for whom",
    "equality": "Equality",
    "load": "Load and waiting",
    "years": "Year by year",
    "evidence": "What it rests on",
    "method": "Limits and method",
    "manifest": "Where this comes from",
    "scenario": "Outcomes",
}
"""What the sections are called; an option's page has the option's title."""
