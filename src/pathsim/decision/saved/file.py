"""The file of a saved result: what it is, of which version, and whether it is as it was written."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pathsim.bounded import read_text
from pathsim.errors import InputError, Problem
from pathsim.files import write_whole
from pathsim.outcomes.provenance import DISTRIBUTION, version
from pathsim.paths import path_of
from pathsim.text import visible

from .kinds import RESULTS
from .made import made_of
from .plain import as_plain

FORMAT: Final = "pathsim.saved"
VERSION: Final = 1
"""Of the format: a file of a later one is refused, never guessed at."""
MOST_BYTES: Final = 4_000_000_000
_ALLOWED: Final = "a file that save() of a result wrote"
_SPOILT: Final = "is spoilt: it is not as it was written"


def save_result(result: object, path: str | Path) -> None:
    """Write a result, a file of JSON: it is there whole, or as it was before. Raises InputError."""
    file = path_of(path)
    body = _body(as_plain(result))
    head = {
        "schema": f"{FORMAT}/{VERSION}",
        "version": version(DISTRIBUTION),
        "sha256": sha256(body.encode()).hexdigest(),
    }
    write_whole(file, f'{json.dumps(head)[:-1]},\n"result": {body}}}\n')


def read_result(path: str | Path) -> Any:
    """Return a result that `save` wrote, equal to the one that was saved.

    Parameters
    ----------
    path
        The file, plain JSON. Nothing in it is ever run.

    Returns
    -------
    Run, Comparison, Decision, Value, Sensitivity, Sweep, Shares, Portfolio or Explanation
        Whichever was saved. Its tables, arrays and numbers are equal to the bit. It does not keep
        the people of its cohort, as no result does.

    Raises
    ------
    InputError
        When there is no such file, it is no saved result, it is spoilt, or a newer version of
        pathsim wrote it.

    Examples
    --------
    >>> import pathsim as ps
    >>> from tempfile import mkdtemp
    >>> file = f"{mkdtemp()}/run.json"
    >>> found = ps.run(ps.example(), replications=2)
    >>> found.save(file)
    >>> ps.read_result(file).table().equals(found.table())
    True
    """
    file = path_of(path)
    text = read_text(file, most=MOST_BYTES, allowed=_ALLOWED)
    data = _parsed(text, file)
    _check_version(data, file)
    body = data.get("result")
    if _hash_of(body) != data.get("sha256") or not isinstance(body, dict):
        raise InputError(Problem(_SPOILT, file=file, allowed=_ALLOWED))
    if body.get("kind") not in RESULTS:
        problem = Problem("is of no result", found=body.get("kind"), file=file, allowed=_ALLOWED)
        raise InputError(problem)
    try:
        return made_of(body)
    except InputError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise InputError(Problem(_SPOILT, file=file, allowed=_ALLOWED)) from None


def _body(plain: object) -> str:
    return json.dumps(plain, separators=(",", ":"), allow_nan=False)


def _hash_of(body: object) -> str:
    try:
        return sha256(_body(body).encode()).hexdigest()
    except (RecursionError, ValueError):
        return ""


def _parsed(text: str, file: Path) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"is no JSON, or not whole: {visible(error.msg)}"
        raise InputError(Problem(message, file=file, line=error.lineno, allowed=_ALLOWED)) from None
    except (RecursionError, ValueError):
        raise InputError(Problem(_SPOILT, file=file, allowed=_ALLOWED)) from None
    if not isinstance(data, dict) or not str(data.get("schema")).startswith(f"{FORMAT}/"):
        raise InputError(Problem("is no saved result", file=file, allowed=_ALLOWED))
    return data


def _check_version(data: dict[str, Any], file: Path) -> None:
    _, _, number = str(data["schema"]).partition("/")
    if number == str(VERSION):
        return
    writer = visible(str(data.get("version", "another version")))
    message = f"was written by pathsim {writer} in a format that this version does not read"
    raise InputError(
        Problem(message, key="schema", found=data["schema"], file=file,
                allowed=f"{FORMAT}/{VERSION}; a newer pathsim reads newer ones")
    )  # fmt: skip
