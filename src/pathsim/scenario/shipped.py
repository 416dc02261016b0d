"""The scenarios, posterior samples and calibration targets that come with the package, by name.

A name is a folder and a file without its ending, such as `dorset/more-tags`. In a wheel they
stand inside the package; in a clone, at the top.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from pathsim.bounded import no_such_file
from pathsim.errors import closest

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "scenarios", _PACKAGE.parents[1] / "scenarios")
_POSTERIOR = "posterior.csv"
TARGETS: Final = "targets.toml"
"""Name of the calibration targets of a folder of scenarios."""
_ALIKE = 0.75
"""Share of letters in common from which a name is taken for a misspelt one."""


def scenarios() -> dict[str, str]:
    """Return the scenarios that come with the package: title by name, baselines first.

    A name is given to `load`, `run`, `compare`, and to `extends` in a file of your own.

    Returns
    -------
    dict
        Titles by name.

    Examples
    --------
    >>> import pathsim as ps
    >>> ps.scenarios()["dorset/baseline"]
    'Dorset 2021/22'
    """
    return {name: _title(path) for name, path in shipped_scenarios().items()}


@cache
def shipped_scenarios() -> dict[str, Path]:
    """Return the file of each scenario that comes with the package, by its name."""
    folder = shipped_folder()
    found = [file for file in folder.glob("*/*.toml") if file.name != TARGETS] if folder else []
    files = sorted(found, key=_baseline_first)
    return {f"{file.parent.name}/{file.stem}": file for file in files}


@cache
def shipped_posteriors() -> dict[str, Path]:
    """Return the file of each posterior sample that comes with the package, by its name."""
    return _in_each_folder(_POSTERIOR)


@cache
def shipped_targets() -> dict[str, Path]:
    """Return the file of the calibration targets of each area that comes with the package."""
    return _in_each_folder(TARGETS)


def _in_each_folder(name: str) -> dict[str, Path]:
    folder = shipped_folder()
    files = sorted(folder.glob(f"*/{name}")) if folder else []
    return {file.parent.name: file for file in files}


def locate(name: str | Path, folder: Path = Path()) -> Path:
    """Return the scenario file that `name` means in `folder`.

    A path that exists goes before the name of a shipped scenario; what is neither is returned
    as the path that it would be.
    """
    path = folder / name
    if os.path.lexists(path):
        return path
    return shipped_scenarios().get(Path(name).as_posix(), path)


def missing(path: Path) -> str:
    """Return the message for a missing scenario: the nearest file, and the nearest shipped one."""
    within = [name for name in shipped_scenarios() if name.startswith(f"{path.as_posix()}/")]
    if within:
        return f"no such file; the shipped scenarios in it are {', '.join(within[:3])}, …"
    shipped = _nearest(path)
    more = f"; the shipped scenario nearest to it is '{shipped}'" if shipped else ""
    return no_such_file(path) + more


def _nearest(path: Path) -> str:
    known = shipped_scenarios()
    alike = [name for name in known if name.partition("/")[2] == path.stem.casefold()]
    wanted = "/".join(path.with_suffix("").parts[-2:])
    return closest(wanted, known, cutoff=_ALIKE) or (alike[0] if alike else "")


def shipped_folder() -> Path | None:
    """Return the folder of all that comes with the package; None where it is not there."""
    return next((place for place in _PLACES if place.is_dir()), None)


def _baseline_first(file: Path) -> tuple[str, bool, str]:
    return file.parent.name, file.stem != "baseline", file.stem


def _title(file: Path) -> str:
    return str(tomllib.loads(file.read_text(encoding="utf-8"))["title"])
