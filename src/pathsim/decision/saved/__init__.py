"""Results in a file, and back from it: plain JSON under a version, equal to the bit.

| file | what it holds |
|---|---|
| `kinds.py` | the classes that a file may hold, by name; no other is ever made |
| `plain.py` | a result as plain data |
| `made.py` | a result from plain data |
| `file.py` | the file around it: version, hash, errors |
"""

from __future__ import annotations
