"""A folder of results as an RO-Crate: a Process Run Crate, made of its manifest alone.

The library `rocrate` makes the graph. It would add the time of now and random names, so every date
and every name is given to it, and the file is written here: the same folder gives the same bytes.
"""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.cli.manifest import MANIFEST, hash_of
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, is_file, is_folder, problem_of, usable
from pathsim.text import as_json, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rocrate.rocrate import ROCrate

    from pathsim.cli.remade import Manifest

METADATA: Final = "ro-crate-metadata.json"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
SHA256_TERM: Final = "https://w3id.org/ro/terms/workflow-run#sha256"
"""RO-Crate itself has no name for the hash of a file."""
_VERSION: Final = "1.1"
"""Of RO-Crate: the one that the profile is built on."""
_COMPLETED: Final = "http://schema.org/CompletedActionStatus"
_PROGRAM, _RUN = "#pathsim", "#run"
_SHEET: Final = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: Final = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".parquet": "application/vnd.apache.parquet",
    ".toml": "application/toml",
    ".xlsx": f"application/{_SHEET}",
}
"""Media types by ending; those of the machine differ between machines."""
_ANY_FORMAT: Final = "application/octet-stream"
_SHOWN: Final = 12


def need_library() -> None:
    """Refuse to go on without the library. Raises InputError."""
    from pathsim.present.extras import need

    need("crate", "rocrate", purpose=METADATA)


def crate_text(folder: Path) -> str:
    """Return the text of ro-crate-metadata.json for a folder that a command wrote.

    Raises InputError where the folder has no manifest, or its files are not those of it.
    """
    from pathsim.cli.remade import read_manifest

    _refuse_other_folders(folder)
    told = read_manifest(folder / MANIFEST)
    begun, finished = _times(told)
    problems = list(_problems(told, folder))
    if problems:
        raise InputError(*problems)
    made = _begun_crate(told, finished)
    files = [_add_file(made, folder / each["file"], each["sha256"]) for each in told.outputs]
    _add_file(made, told.file, told.sha256, description="What was run, and the hash of every file.")
    inputs = [_input(made, number, each) for number, each in enumerate(told.inputs, start=1)]
    action = _add(made, _RUN, "CreateAction", {
        "name": f"pathsim {' '.join(told.name)}",
        "description": shlex.join(["pathsim", *told.words]),
        "instrument": _program(made, told),
        "object": inputs,
        "result": files,
        "startTime": begun,
        "endTime": finished,
        "actionStatus": {"@id": _COMPLETED},
    })  # fmt: skip
    made.root_dataset["mentions"] = [action]
    return as_json(made.metadata.generate()) + "\n"


def _refuse_other_folders(folder: Path) -> None:
    usable(folder)
    allowed = f"a folder of --out, with {MANIFEST}"
    if not exists(folder):
        raise InputError(Problem("is not there", file=folder, allowed=allowed))
    if not is_folder(folder):
        raise InputError(Problem("is a file, not a folder", file=folder, allowed=allowed))
    if not exists(folder / MANIFEST):
        raise InputError(Problem(f"has no {MANIFEST}", file=folder, allowed=allowed))


def _times(told: Manifest) -> tuple[str, str]:
    """Return when the command began and when it was done. Raises InputError."""
    said = told.told["finished"]
    try:
        finished = datetime.fromisoformat(said)
        begun = finished - timedelta(seconds=told.told["wall_seconds"])
    except (OverflowError, ValueError):
        raise InputError(told.problem("is no time", key="finished", found=said)) from None
    if finished.tzinfo is None or begun > finished:
        raise InputError(told.problem("is no time", key="finished", found=said))
    return begun.isoformat(timespec="seconds"), finished.isoformat(timespec="seconds")


def _problems(told: Manifest, folder: Path) -> Iterator[Problem]:
    """Give in what the files are not those of the manifest."""
    for each in told.outputs:
        name, file = each["file"], folder / each["file"]
        if name in (METADATA, MANIFEST) or problem_of(file):
            yield told.problem("cannot be the name of an output", key="outputs", found=name)
        elif not is_file(file):
            allowed = "the file that the manifest names, in this folder"
            yield Problem("is not there", file=file, allowed=allowed)
        elif (now := _hash_of(file)) != each["sha256"]:
            was = f"the file of then, whose SHA-256 begins {each['sha256'][:_SHOWN]}"
            message = "is another file than the command wrote"
            yield Problem(message, file=file, found=f"SHA-256 {now[:_SHOWN]}…", allowed=was)


def _hash_of(file: Path) -> str:
    try:
        return hash_of(file)
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", file=file)) from error


def _begun_crate(told: Manifest, finished: str) -> ROCrate:
    """Return a crate that says what the folder is, and holds no file yet."""
    from rocrate.rocrate import ROCrate

    made = ROCrate(version=_VERSION)
    made.metadata.extra_terms["sha256"] = SHA256_TERM
    root = made.root_dataset
    root["name"] = f"Results of pathsim {' '.join(told.name)}"
    root["description"] = (
        f"{counted(len(told.outputs), 'file')} that pathsim {_version_of(told)} wrote, "
        f"simulated with the seed {told.told['seed']}. {MANIFEST} says how to get the same again."
    )
    root["datePublished"] = finished
    profile = {"name": "Process Run Crate", "version": PROFILE.rpartition("/")[2]}
    root["conformsTo"] = _add(made, PROFILE, "CreativeWork", profile)
    return made


def _version_of(told: Manifest) -> str:
    """Return the version of pathsim. Raises InputError."""
    found = told.told["versions"].get("pathsim")
    if not found:
        raise InputError(told.problem("does not say which version of pathsim", key="versions"))
    return str(found)


def _add(made: ROCrate, name: str, kind: str, properties: Mapping[str, Any]) -> Any:
    """Add something that is no file of the folder, and return it."""
    from rocrate.model import ContextEntity

    return made.add(ContextEntity(made, name, properties={"@type": kind, **properties}))


def _add_file(made: ROCrate, file: Path, sha256: str, **more: str) -> Any:
    properties = {
        "name": file.name,
        "encodingFormat": _format_of(file.name),
        "contentSize": str(file.stat().st_size),
        "sha256": sha256,
        **more,
    }
    return made.add_file(dest_path=file.name, properties=properties)


def _format_of(name: str) -> str:
    return _FORMATS.get(Path(name).suffix.lower(), _ANY_FORMAT)


def _input(made: ROCrate, number: int, each: Mapping[str, str]) -> Any:
    """Add a file that was read, which is not in the folder: it is told by its hash."""
    properties = {
        "name": each["path"],
        "description": f"Input ({each['of']}), not in this folder.",
        "encodingFormat": _format_of(each["path"]),
        "sha256": each["sha256"],
    }
    return _add(made, f"#input-{number}", "File", properties)


def _program(made: ROCrate, told: Manifest) -> Any:
    versions, source = told.told["versions"], told.told["source"]
    commit = f", of commit {source['commit']}" if source["commit"] else ""
    others = [f"{name} {now}" for name, now in versions.items() if name != "pathsim"]
    return _add(made, _PROGRAM, "SoftwareApplication", {
        "name": "pathsim",
        "description": f"The code whose SHA-256 is {source['sha256']}{commit}.",
        "softwareVersion": _version_of(told),
        "sha256": source["sha256"],
        "softwareRequirements": others,
    })  # fmt: skip
