"""What an event log says over time: when people reoffend, where they are, who waits.

A log is a table as `pathsim run --log` writes it: replication, person, time in days, event, detail.
People of other generations, whose ids have a colon, use places but are not counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem, nearest, wrong_type

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats

_COLUMNS: Final = ("person", "time", "event", "detail")
_OTHERS: Final = ":"
"""In the ids of people of other generations."""
STATUSES: Final = ("in custody", "on licence or supervision", "on an order", "not supervised")
_OF_STATUS: Final = {
    "custody": STATUSES[0],
    "licence": STATUSES[1],
    "supervision": STATUSES[1],
    "community_order": STATUSES[2],
    "suspended_sentence": STATUSES[2],
    "liberty": STATUSES[3],
}
_LEAVES: Final = ("service_complete", "service_drop_out", "service_stop")
_GIVES_UP: Final = ("renege", "withdraw")
REOFFENDED, IN_CUSTODY, NEITHER = "reoffended", "custody first", "neither"


class Wait(NamedTuple):
    """One person's wait for a service, in days from the first day of the intake window."""

    joined: float
    left: float
    how: str
    """`starts`, `gives up` or `still waits`."""


def check_log(log: pd.DataFrame) -> pd.DataFrame:
    """Return a log in order. Raises InputError for what is none."""
    if not isinstance(log, pd.DataFrame):
        raise wrong_type("log", log, "a table of events, as pathsim.log returns")
    lacking = [name for name in _COLUMNS if name not in log.columns]
    if lacking:
        allowed = f"columns {', '.join(_COLUMNS)}"
        raise InputError(
            Problem("lacks columns of an event log", key="log", found=lacking, allowed=allowed)
        )
    return log


def of_service(log: pd.DataFrame, service: str) -> pd.DataFrame:
    """Return the events of a service. Raises InputError where it has none."""
    events = check_log(log)
    events = events[events["event"].isin(("referral", "wait", "service_start", *_GIVES_UP,
                                          *_LEAVES))]  # fmt: skip
    found = events[events["detail"] == service]
    if found.empty:
        known = sorted(set(events["detail"]))
        hint = nearest(str(service), known)
        message = "has no event in the log" + (f"; {hint}" if hint else "")
        allowed = "the id of a service that somebody is referred to"
        raise InputError(Problem(message, key="service", found=service, allowed=allowed))
    return found


def counted(log: pd.DataFrame) -> pd.DataFrame:
    """Return the events of the counted people."""
    events = check_log(log)
    return events[~events["person"].astype(str).str.contains(_OTHERS, regex=False)]


def window(log: pd.DataFrame) -> float:
    """Return the whole days within which the counted enter."""
    own = counted(log)
    starts = own.loc[own["event"] == "start", "time"]
    return float(np.ceil(starts.max())) if len(starts) else 0.0


def first_events(log: pd.DataFrame, *, days: float) -> pd.DataFrame:
    """Return what comes first after each counted person's index date: `days`, `what`.

    The index date is the entry, or the first release of who enters into custody. Custody that
    follows a reoffence is no event of its own. Who has neither is seen for `days`, or until no
    longer followed.
    """
    rows = []
    for _, story in counted(log).groupby("person", sort=False):
        times, events = story["time"].tolist(), story["event"].tolist()
        index = _index_date(times, events)
        if index is None:
            continue
        first = _first_after(times, events, index)
        rows.append(
            (min(first[0] - index, days), first[1] if first[0] - index <= days else NEITHER)
        )
    return pd.DataFrame(rows, columns=["days", "what"])


def _index_date(times: list[float], events: list[str]) -> float | None:
    """Return the entry, or the first release; None: never released."""
    if "start" not in events:
        return None
    entry = times[events.index("start")]
    inside = any(e == "custody" and t <= entry for t, e in zip(times, events, strict=True))
    if not inside:
        return entry
    return times[events.index("release")] if "release" in events else None


def _first_after(times: list[float], events: list[str], index: float) -> tuple[float, str]:
    for time, event in zip(times, events, strict=True):
        if event in ("reoffence", "counted") and time >= index:
            return time, REOFFENDED
        if event == "custody" and time > index:
            return time, IN_CUSTODY
    return times[-1], NEITHER


def incidence(first: pd.DataFrame, *, days: float, step: float = 30.0) -> pd.DataFrame:
    """Return by day what share has reoffended, and what share went into custody first.

    The estimate of Aalen and Johansen (1978): who is no longer followed counts until then. first:
    as `first_events` returns. Returns `day`, `reoffended`, `custody`, `at_risk`.
    """
    grid = np.unique(np.append(np.arange(0.0, days, step), days))
    order = np.argsort(first["days"].to_numpy(float), kind="stable")
    times, what = first["days"].to_numpy(float)[order], first["what"].to_numpy(str)[order]
    shares: dict[str, list[float]] = {REOFFENDED: [], IN_CUSTODY: []}
    free, sums = 1.0, {REOFFENDED: 0.0, IN_CUSTODY: 0.0}
    moments = np.unique(times)
    at = np.searchsorted(times, moments)
    place = 0
    for day in grid:
        while place < len(moments) and moments[place] <= day:
            here = what[times == moments[place]]
            risk = len(times) - at[place]
            gone = {name: int(np.count_nonzero(here == name)) for name in sums}
            for name in sums:
                sums[name] += free * gone[name] / risk
            free *= 1.0 - sum(gone.values()) / risk
            place += 1
        for name, values in shares.items():
            values.append(sums[name])
    return pd.DataFrame(
        {
            "day": grid,
            "reoffended": shares[REOFFENDED],
            "custody": shares[IN_CUSTODY],
            "at_risk": [int(np.count_nonzero(times >= day)) for day in grid],
        }
    )


def waits(log: pd.DataFrame, service: str) -> list[Wait]:
    """Return who waits for a service, in the order in which they join. Raises InputError.

    Who starts at once does not wait.
    """
    found: list[Wait] = []
    for _, story in of_service(log, service).groupby("person", sort=False):
        since: float | None = None
        for time, event in zip(story["time"].tolist(), story["event"].tolist(), strict=True):
            if event == "wait":
                since = time
            elif since is not None and event in ("service_start", *_GIVES_UP):
                found.append(
                    Wait(since, time, "starts" if event == "service_start" else "gives up")
                )
                since = None
        if since is not None:
            found.append(Wait(since, np.inf, "still waits"))
    return sorted(found)


def load(log: pd.DataFrame, service: str) -> pd.DataFrame:
    """Return by day who is in a service and who waits: `day`, `served`, `waiting`.

    At the end of each whole day of the intake window, everybody who uses the places. Raises
    InputError.
    """
    events = of_service(log, service)
    days = np.arange(0.0, window(log) + 1.0)
    starts = events.loc[events["event"] == "service_start", "time"].to_numpy(float)
    ends = events.loc[events["event"].isin(_LEAVES), "time"].to_numpy(float)
    queue = waits(log, service)
    joined = np.sort([each.joined for each in queue])
    left = np.sort([each.left for each in queue])
    return pd.DataFrame(
        {
            "day": days,
            "served": _until(starts, days) - _until(ends, days),
            "waiting": _until(joined, days) - _until(left, days),
        }
    )


def mean_waits(log: pd.DataFrame, service: str, *, step: float = 30.0) -> pd.DataFrame:
    """Return the wait of those who start, by when they start: `day`, `starts`, `mean`, `longest`.

    day: the first of `step` days of the intake window. Who starts at once waits no day. Raises
    InputError.
    """
    events = of_service(log, service)
    starts = np.sort(events.loc[events["event"] == "service_start", "time"].to_numpy(float))
    waited = [each for each in waits(log, service) if each.how == "starts"]
    rows = []
    for day in np.arange(0.0, window(log), step):
        here = int(np.count_nonzero((starts >= day) & (starts < day + step)))
        own = [each.left - each.joined for each in waited if day <= each.left < day + step]
        rows.append(
            (
                day,
                here,
                sum(own) / here if here else np.nan,
                max(own, default=0.0 if here else np.nan),
            )
        )
    return pd.DataFrame(rows, columns=["day", "starts", "mean", "longest"])


def _until(times: Floats, days: Floats) -> Floats:
    """Return how many of some times have come by each day."""
    return np.searchsorted(np.sort(times), days, side="right").astype(np.float64)


def status_at(log: pd.DataFrame, moments: tuple[float, ...]) -> pd.DataFrame:
    """Return each counted person's status so many days after entry: a column a moment.

    At a moment all that happens then has happened.
    """
    rows = []
    for _, story in counted(log).groupby("person", sort=False):
        entry = float(story["time"].iloc[0])
        status, seen = "liberty", []
        events = list(zip(*(story[name].tolist() for name in _COLUMNS[1:]), strict=True))
        place = 0
        for moment in moments:
            while place < len(events) and events[place][0] <= entry + moment:
                status = _status_after(status, *events[place][1:])
                place += 1
            seen.append(_OF_STATUS[status])
        rows.append(seen)
    return pd.DataFrame(rows, columns=list(moments))


def _status_after(status: str, event: str, detail: str) -> str:
    if event == "custody":
        return "custody"
    if event in ("release", "licence_end", "supervision_end"):
        return detail if status != "custody" or event == "release" else status
    if event == "order_start" and status != "custody":
        return detail
    return "liberty" if event == "order_end" and status == detail else status
