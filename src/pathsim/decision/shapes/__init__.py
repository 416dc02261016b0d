"""The shapes of what the commands that decide give with `--json`, each under its version.

| file | what it holds |
|---|---|
| `shape.py` | what all of them are made of |
| `decision.py`, `sensitivity.py`, `sweep.py`, `value.py` | one command each |
| `schemas.py` | the JSON Schemas of all, as `pathsim schema` prints them |

Data are checked against their shape before they are given, so the schema cannot part from them.
"""

from __future__ import annotations
