"""What `pathsim doctor` prints, without the library of the command line: it may be broken too."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Final

from pathsim.cli.streams import OutputError, ReaderGone
from pathsim.text import as_json as json_of
from pathsim.text import visible

if TYPE_CHECKING:
    from pathsim.cli.checkup import Finding

FINE, TROUBLE = 0, 1
_SCHEMA: Final = "pathsim.doctor/1"
_HEADS: Final = {
    "program": "pathsim and Python",
    "libraries": "Libraries that every run needs",
    "extras": "Extras",
    "machine": "This machine",
    "engine": "The compiled engine",
    "store": "What is kept of simulations",
    "programs": "Other programs, which no run needs",
}


def examined_alone(*, as_json: bool) -> int:
    """Examine as the only thing that this process does, and return the exit code."""
    log, handler = logging.getLogger("pathsim"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("pathsim: %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        code = examined(as_json=as_json)
        sys.stdout.flush()
    except ReaderGone:
        return FINE
    except OutputError as error:
        sys.stderr.write(f"error: {error}\n")
        return TROUBLE
    return code


def examined(*, as_json: bool) -> int:
    """Look at everything, print what was found, and return the exit code."""
    from pathsim.cli.checkup import checkup

    found: list[Finding] = []
    for each in checkup():
        if not as_json:
            _tell_finding(each, found)
        found.append(each)
    trouble = [each for each in found if each.is_trouble]
    if as_json:
        _tell(json_of(_data(found), ascii_only=True), keep="\n")
    else:
        names = ", ".join(each.name for each in trouble)
        _tell("")
        _tell(f"not fine: {names}" if trouble else "all that runs need is fine")
    return TROUBLE if trouble else FINE


def _tell_finding(each: Finding, before: list[Finding]) -> None:
    """Print a finding as soon as it is there, under the heading of its part."""
    if not before or before[-1].part != each.part:
        if before:
            _tell("")
        _tell(_HEADS.get(each.part, each.part))
    _tell(f"  {each.state:<8} {each.name}: {each.told}")
    if each.remedy:
        _tell(f"           {each.remedy}")


def _tell(line: str, *, keep: str = "") -> None:
    sys.stdout.write(visible(line, keep=keep) + "\n")


def _data(found: list[Finding]) -> dict[str, Any]:
    """Return what was found as plain data, of its shape where that can be imported."""
    told = {
        "schema": _SCHEMA,
        "ok": not any(each.is_trouble for each in found),
        "findings": [each._asdict() for each in found],
    }
    if any(each.is_trouble and each.part == "libraries" for each in found):
        return told  # the shape's own library may be the one that is broken
    from pathsim.decision.shapes.doctor import DoctorShape
    from pathsim.decision.shapes.shape import as_shaped

    return as_shaped(DoctorShape, told)
