"""Where a result comes from: enough to get it again."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import metadata
from typing import Any, NamedTuple

from pathsim.scenario.lineage import InputFile, count_files
from pathsim.scenario.model import Scenario
from pathsim.study.run import StudyRuns
from pathsim.text import counted

from .retold import retold, told_path, told_source
from .source import commit, source_hash

DISTRIBUTION = "offender-pathsim"
version = cache(metadata.version)
_PATHS: dict[str, Any] = {
    "file": True,
    "counts": {"file"},
    "margins": {"file"},
    "ethnicity": {"file"},
}
"""Of a cohort, what says where a table is on this machine, not what is in it."""


class Request(NamedTuple):
    """A scenario as it was asked for."""

    title: str
    file: str | None
    """Path as given; None for a scenario made in Python."""
    scenario: Scenario


def provenance(
    studies: Sequence[StudyRuns], *, request: Sequence[Request], people: int
) -> dict[str, Any]:
    """Return the origin of a result as plain data.

    studies: one, or where the scenarios follow other people, one for each scenario. asked: all
    scenarios, the baseline first. people: how many are followed and counted in the first one.
    """
    study, first = studies[0], request[0]
    files = inputs(studies, request)
    origin = {
        "version": version(DISTRIBUTION),
        "source": {"commit": commit(), "sha256": source_hash()},
        "inputs": files,
        "inputs_sha256": together(files, request),
        "seed": study.plan.seed,
        "draws": study.plan.draws,
        "replications_per_draw": study.plan.per_draw,
        "doubted": study.doubted,
        "replications": study.plan.replications,
        "workers": study.plan.workers,
        "engine": study.plan.engine,
        "posterior_draws": 0 if study.plan.posterior is None else len(study.plan.posterior),
        "scenario": {"title": first.title, "file": told_source(first.file)},
        "people": people,
        "people_from": _people_from(study),
        "scale": first.scenario.scale.value,
        "unpaired": [],  # people of each scenario, where options follow other people
        "elapsed_seconds": round(study.elapsed_seconds, 3),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "platform": platform.platform(),
    }
    return retold(origin)


def effort(origin: Mapping[str, Any]) -> str:
    """Return in words how much was simulated."""
    if not origin["draws"]:
        return counted(origin["replications"], "replication")
    each = counted(origin["replications_per_draw"], "replication")
    return f"{counted(origin['draws'], 'state')} of the world with {each} each"


def inputs(studies: Sequence[StudyRuns], request: Sequence[Request]) -> list[dict[str, str]]:
    """Return every file that was read, once: what it is, its path as told and its SHA-256.

    People of a table in Python stand among them, under the name of the table.
    """
    posterior = studies[0].plan.posterior
    found = [("scenario", file) for each in request for file in each.scenario.lineage.files]
    found += [("counts", file) for each in request for file in count_files(each.scenario)]
    found += [("people", study.people_file) for study in studies if study.people_file]
    found += [("beside people", file) for study in studies for file in study.people_beside]
    if posterior is not None and posterior.file is not None:
        found.append(("posterior", posterior.file))
    return told_files(found)


def told_files(files: Iterable[tuple[str, InputFile]]) -> list[dict[str, str]]:
    """Return files, each with what it is, as they are told, each once."""
    told = ((what, told_path(file.path, of=what), file.sha256) for what, file in files)
    return [{"of": of, "path": path, "sha256": digest} for of, path, digest in dict.fromkeys(told)]


def _people_from(study: StudyRuns) -> str:
    """Return what people are said to come from, which may be a path."""
    return told_path(study.people_from, of="people") if study.people_from else ""


def together(files: Iterable[Mapping[str, str]], request: Iterable[Request]) -> str:
    """Return one SHA-256 of all inputs: of the files, and of the scenarios as resolved."""
    found = sha256()
    for file in files:
        found.update(f"{file['of']} {file['sha256']}\n".encode())
    for each in request:
        # A path to people says where they are on this machine, not who.
        whole = each.scenario.model_dump_json(exclude={"cohort": _PATHS})
        found.update(sha256(whole.encode()).digest())
    return found.hexdigest()
