"""The back-cast: what the calibrated model says of every published figure, fitted or left out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.arguments import whole
from pathsim.people.cohort import Cohort
from pathsim.study.threads import do_all
from pathsim.text import visible

from .measure import observe, people, refuse_changing
from .posterior import MOST_DRAWS, draws
from .scales import from_scale, to_scale
from .targets import OF_LOGS

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats
    from pathsim.engine.stop import Stop
    from pathsim.scenario.model import Scenario

    from .posterior import Posterior
    from .targets import Target, Targets

Progress = Callable[[int, int], None]
_INTERVAL = (0.025, 0.975)
_LOGS = 2
"""Replications of each draw whose logs are read: reading them is slow, and their noise small."""
COLUMNS = (
    "target",
    "use",
    "published",
    "published_sd",
    "model",
    "low",
    "high",
    "difference",
    "verdict",
    "people",
    "source",
    "size",
    "why",
)


def backcast(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Scenario,
    posterior: Posterior,
    targets: Targets,
    *,
    n_draws: int = 40,
    replications: int = 10,
    seed: int = 1,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return a row for each target: published, model mean and 95% posterior interval, verdict.

    The interval holds what is uncertain of the parameters and the chance of `replications`
    runs of the cohort's `people`. Verdicts: `within 1 point` (the target's tolerance), else
    `within interval`, else `miss`; `no figure` where the cohort has nobody whom the target is
    about. Raises InputError.
    """
    n_draws = whole(n_draws, key="n_draws", least=1, most=MOST_DRAWS)
    replications = whole(replications, key="replications", least=1, most=MOST_DRAWS)
    refuse_changing(scenario, targets.targets)
    cohort = Cohort.from_scenario(scenario)
    told = [_observed(targets.targets, logged) for logged in (False, True)]
    found = np.full((n_draws, len(targets.targets)), np.nan)

    def observed(draw: int, changed: Scenario, stop: Stop) -> Floats:
        figures = np.full(len(targets.targets), np.nan)
        for places, runs in zip(told, (replications, min(_LOGS, replications)), strict=True):
            if places:
                seen = observe(
                    changed,
                    cohort,
                    [targets.targets[place] for place in places],
                    seed=seed,
                    replications=range(draw * replications, draw * replications + runs),
                    stop=stop,
                )
                figures[places] = [_mean(column) for column in seen.T]
        return figures

    so_far = 0

    def keep(draw: int, figures: Floats) -> None:
        nonlocal so_far
        so_far += 1
        found[draw] = figures
        if progress is not None:
            progress(so_far, n_draws)

    if progress is not None:
        progress(0, n_draws)
    changes = enumerate(draws(scenario, posterior, n_draws, seed=seed))
    do_all((partial(observed, *change) for change in changes), workers=1, done=keep)
    rows = [
        _row(target, found[:, place], people(cohort, target))
        for place, target in enumerate(targets.targets)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _observed(targets: tuple[Target, ...], logged: bool) -> list[int]:
    return [k for k, target in enumerate(targets) if (target.measure in OF_LOGS) == logged]


def _mean(figures: Floats) -> float:
    """Return the mean of the figures there are, nan without any."""
    known = figures[np.isfinite(figures)]
    return float(known.mean()) if known.size else np.nan


def _row(target: Target, figures: Floats, count: int) -> dict[str, object]:
    known = figures[np.isfinite(figures)]
    model, low, high = (np.nan, np.nan, np.nan)
    if known.size:
        low, high = from_scale(np.quantile(to_scale(known, target), _INTERVAL), target)
        model = float(known.mean())
    return {
        "target": target.title,
        "use": "fitted" if target.fitted else "left out",
        "published": target.published,
        "published_sd": float(np.hypot(target.se, target.discrepancy)),
        "model": model,
        "low": float(low),
        "high": float(high),
        "difference": model - target.published,
        "verdict": verdict(target, model=model, low=float(low), high=float(high)),
        "people": count,
        "source": target.source,
        "size": abs(model - target.published) / target.near,
        "why": target.missed_because,
    }


def verdict(target: Target, *, model: float, low: float, high: float) -> str:
    """Return how the model fares: `within 1 point`, `within interval`, `miss` or `no figure`.

    Of a ratio the first is `within 5%`.
    """
    if np.isnan(model):
        return "no figure"
    if abs(model - target.published) <= target.near:
        if not target.is_share:
            return f"within {100 * target.near / target.published:g}%"
        points = 100 * target.near
        return f"within {points:g} point" + ("" if points == 1 else "s")
    return "within interval" if low <= target.published <= high else "miss"


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table as it is read: shares in percent, ratios as they are, all as text."""
    share = table["published"] < 1
    words = pd.DataFrame({"target": table["target"], "use": table["use"]})
    for name in ("published", "model", "low", "high"):
        words[name] = [_said(x, y) for x, y in zip(table[name], share, strict=True)]
    words.insert(
        3,
        "sd",
        [_said(x, y) for x, y in zip(table["published_sd"], share, strict=True)],
    )
    words["difference"] = [
        "-" if np.isnan(x) else f"{100 * x:+.1f}" if y else f"{x:+.2f}"
        for x, y in zip(table["difference"], share, strict=True)
    ]
    words["verdict"] = table["verdict"]
    words["people"] = [f"{count:,}" for count in table["people"]]
    return words


def markdown(table: pd.DataFrame) -> str:
    """Return the table as Markdown, for a page."""
    words = in_words(table)
    words["published"] += " \u00b1 " + words.pop("sd")
    words["95% interval"] = words.pop("low") + " to " + words.pop("high")
    words["source"] = table["source"]
    columns = [
        "target",
        "use",
        "published",
        "model",
        "95% interval",
        "difference",
        "verdict",
        "people",
        "source",
    ]
    rows = [columns, ["---"] * len(columns), *words[columns].to_numpy().tolist()]
    return "".join(
        "| " + " | ".join(_in_markdown(str(each)) for each in row) + " |\n" for row in rows
    )


def misses(table: pd.DataFrame) -> str:
    """Return every figure as Markdown, the one that is missed most first, with the reason.

    Size is the difference over what counts as met.
    """
    ordered = table.sort_values("size", ascending=False, kind="stable")
    words = in_words(ordered)
    words["size"] = ["-" if np.isnan(each) else f"{each:.1f}" for each in ordered["size"]]
    words["why"] = [
        why if size > 1.0 else "" for why, size in zip(ordered["why"], ordered["size"], strict=True)
    ]
    columns = ["target", "use", "published", "model", "difference", "size", "why"]
    rows = [columns, ["---"] * len(columns), *words[columns].to_numpy().tolist()]
    return "".join(
        "| " + " | ".join(_in_markdown(str(each)) for each in row) + " |\n" for row in rows
    )


def _in_markdown(cell: str) -> str:
    """Return text as a cell of a table: a bar or a line's end would begin another."""
    return visible(cell).replace("|", "\\|")


def _said(value: float, share: bool) -> str:
    if np.isnan(value):
        return "-"
    return f"{100 * value:.1f}%" if share else f"{value:.2f}"
