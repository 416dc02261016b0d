"""Write docs/benchmarks.md and its picture from the files that the runs left in build/.

python -m benchmarks.page
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any, Final

import numpy as np

from .plot import draw
from .ratios import Ratio, measured
from .words import ENGINES, number, of_model

HERE: Final = Path(__file__).parent
BUILD: Final = HERE.parent / "build"
DOCS: Final = HERE.parent / "docs"
_MEMORY: Final = ("a worker's memory, MiB", "the process, MiB")
Run = dict[str, Any]


def table(head: Sequence[str], rows: Iterable[Sequence[object]], *, words: int = 1) -> str:
    """Return a Markdown table; all columns but the first `words` are set to the right."""
    lines = [
        "| " + " | ".join(head) + " |",
        "|" + "|".join(["---"] * words + ["---:"] * (len(head) - words)) + "|",
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
    ]
    return "\n".join(lines)


def machine(told: Run) -> str:
    """Return the machine, the day and the versions as a sentence."""
    about = told["machine"]
    versions = ", ".join(f"{name} {about[name]}" for name in ("Python", "numba", "numpy", "simpy"))
    return (
        f"Measured on {about['day']}: {about['processor']}, {about['cores']} cores, "
        f"{about['system']}; {versions}; C compiler: {about['C compiler']}. Seconds hold for this "
        "machine; ratios hold roughly for others."
    )


def ratios(told: Run) -> str:
    """Return the table of ratios, with limits and goals."""
    return table(
        ["ratio", "median", "quartiles", "guarded", "goal"],
        [
            (
                each.ratio.words,
                f"**{number(each.median)}**",
                f"{number(each.low)} to {number(each.high)}",
                limit(each.ratio),
                each.ratio.goal or "-",
            )
            for each in measured(told)
        ],
    )


def limit(ratio: Ratio) -> str:
    """Return the limits of a ratio in words."""
    if ratio.least > 0.0:
        return f"at least {ratio.least:g}"
    return f"at most {ratio.most:g}" if ratio.guarded else "-"


def times(told: Run) -> str:
    """Return the medians of the interleaved rounds, a line a work."""
    rows = []
    for name, work in told["works"].items():
        seconds = float(np.median(work["seconds"]))
        each = seconds / work["replications"]
        per = [
            1e9 * seconds / work[size] if size in work else np.nan for size in ("events", "people")
        ]
        engine, model = name.split(" ", 1)
        figures = map(number, (1e3 * each, 1 / each, *per))
        rows.append((of_model(model), ENGINES[engine], *figures))
    head = ["model", "engine", "ms a replication", "replications a second"]
    return table([*head, "ns an event", "ns a person"], rows, words=2)


def study(told: Run) -> str:
    """Return what a study takes by the clock."""
    rows = [
        (
            f"Dorset, baseline and six options, {each['extra_info']['replications']} replications "
            f"each, {each['extra_info']['workers']} workers",
            *map(number, (each["stats"]["min"], each["stats"]["median"])),
        )
        for each in told["benchmarks"]
        if each["group"] == "study"
    ]
    return table(["study", "best, seconds by the clock", "median"], rows)


def replication(told: Run) -> str:
    """Return the blocks of pytest-benchmark with their memory."""
    head = [
        "model",
        "engine",
        "best, ms",
        "median, ms",
        "libraries, MiB",
        "ready, MiB",
        "peak, MiB",
    ]
    rows = []
    for each in told["benchmarks"]:
        info, stats = each["extra_info"], each["stats"]
        if each["group"].startswith("replication"):
            ms = [1e3 * stats[name] / info["replications"] for name in ("min", "median")]
            marks = [info[f"{name}_mib"] for name in ("imported", "prepared", "peak")]
            names = of_model(info["model"]), ENGINES[info["engine"]]
            rows.append((*names, *map(number, [*ms, *marks])))
    return table(head, rows, words=2)


def parts(told: Run) -> str:
    """Return the parts of the kernel, a table for each."""
    groups: dict[str, list[Any]] = {}
    for each in told["benchmarks"]:
        if each["group"].startswith("parts: "):
            groups.setdefault(each["group"].removeprefix("parts: "), []).append(each)
    return "\n\n".join(
        table(
            [name, "ns an operation", "millions a second"],
            [
                (each["extra_info"]["what"], number(1e9 * seconds), number(1e-6 / seconds))
                for each in members
                for seconds in [each["stats"]["min"] / each["extra_info"]["operations"]]
            ],
        )
        for name, members in groups.items()
    )


def growth(told: Run) -> dict[str, str]:
    """Return the tables of growth, by the name of their place on the page."""
    first = told["first_use"]
    return {
        "people": people(told["people"]),
        "country": country([*told["country_alone"], *told["country"]]),
        "services": services(told["services"]),
        "replications": replications(told["replications"]),
        "workers": table(
            ["model", "times as fast"],
            [(of_model(each["model"]), number(each["gain"])) for each in told["workers"]],
        ),
        "first_use": table(
            ["Python alone", "`import pathsim`", "first answer, cached", "first answer, cold"],
            [[number(first[name]) for name in ("python", "import", "cached", "cold")]],
        ),
    }


def people(points: Sequence[Run]) -> str:
    """Return M2 by its number of people."""
    rows = [
        (
            f"{each['people']:,}",
            number(each["ns_an_event"]),
            number(each["ns_an_event"] * each["events_a_person"]),
            number(each["c_ns"]),
            *_memory(each),
        )
        for each in points
    ]
    return table(["people", "ns an event", "ns a person", "C, ns a person", *_MEMORY], rows)


def country(points: Sequence[Run]) -> str:
    """Return England and Wales by its number of people."""
    rows = [
        (
            f"{each['people']:,}",
            "as many again" if each["warm_up"] else "no",
            number(each["seconds"]),
            number(1e9 * each["seconds"] / each["followed"]),
            *_memory(each),
        )
        for each in points
    ]
    return table(["people", "warm-up year", "seconds a replication", "ns a person", *_MEMORY], rows)


def _memory(each: Run) -> tuple[str, str]:
    # A small worker fits into what the process has had before.
    worker = number(each["worker_mib"]) if each["worker_mib"] >= 1.0 else "< 1"
    return worker, number(each["process_mib"])


def services(points: Sequence[Run]) -> str:
    """Return M2 by its number of services."""
    rows = [
        (
            each["services"],
            number(each["events_a_person"]),
            number(each["ns_an_event"]),
            number(1e3 * each["seconds"]),
        )
        for each in points
    ]
    return table(["services", "events a person", "ns an event", "ms a replication"], rows)


def replications(points: Sequence[Run]) -> str:
    """Return M2 by how many replications one call asks for."""
    rows = [
        (
            f"{each['replications']:,}",
            number(each["ms_a_replication"]),
            number(each["added_mib"]),
        )
        for each in points
    ]
    return table(["replications", "ms a replication", "memory added, MiB"], rows)


def answers(told: Run) -> str:
    """Return the tables of the time to an answer, one a question."""
    rows: dict[tuple[str, str], list[Sequence[object]]] = {}
    for each in told["rows"]:
        factor = "-" if each["factor"] is None else f"{number(each['factor'])}x"
        rows.setdefault((each["case"], each["outcome"]), []).append(
            (
                each["method"],
                number(1e3 * each["seconds_per_pair"]),
                f"{each['sd']:.2e}",
                f"{each['replications']:,}",
                number(each["seconds"]),
                factor,
                f"{number(each['factor_in_all'])}x",
            )
        )
    head = ["ms a pair", "sd of a pair", "pairs needed", "processor seconds", "factor", "in all"]
    return "\n\n".join(
        table([f"{of_model(case)}: `{outcome}`", *head], each)
        for (case, outcome), each in rows.items()
    )


def page(*, rounds: Run, blocks: Run, grown: Run, asked: Run) -> str:
    """Return the page. The arguments are the files of the three runs, as read."""
    block_rounds = next(
        each["stats"]["rounds"]
        for each in blocks["benchmarks"]
        if each["group"].startswith("replication")
    )
    return Template((HERE / "page.md").read_text(encoding="utf-8")).substitute(
        machine=machine(rounds),
        rounds=rounds["rounds"],
        standing=next(
            f"{each['extra_info']['standing']:,}"
            for each in blocks["benchmarks"]
            if "standing" in each["extra_info"]
        ),
        ratios=ratios(rounds),
        times=times(rounds),
        study=study(blocks),
        answers=answers(asked),
        answered=_answered(asked["answer"]),
        replication=replication(blocks),
        parts=parts(blocks),
        block_rounds=block_rounds,
        **growth(grown),
    )


def _answered(found: Run) -> str:
    return (
        f"The first question, put with {found['replications']} pairs: {found['difference']:.6f}, "
        f"with an interval {found['width_over_difference']:.1%} of it wide, in "
        f"{number(found['seconds'])} processor seconds with loading."
    )


def main() -> None:
    """Read the three runs, write the page and draw the picture."""
    names = {
        "rounds": "ratios",
        "blocks": "benchmarks",
        "grown": "growth",
        "asked": "time_to_answer",
    }
    runs = {
        key: json.loads((BUILD / f"{name}.json").read_text(encoding="utf-8"))
        for key, name in names.items()
    }
    (DOCS / "benchmarks.md").write_text(page(**runs), encoding="utf-8")
    draw(runs["rounds"], runs["grown"], DOCS / "benchmarks.png")


if __name__ == "__main__":
    main()
