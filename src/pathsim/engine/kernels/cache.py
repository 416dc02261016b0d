"""Where compiled kernels are kept: one folder for each state of their source.

numba asks only whether the file of a function has changed, not the files of what
it calls, so a change in one kernel could leave stale code in another. A folder
named by the hash of all of them cannot be stale. numba itself tells its versions
and processors apart.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

_HERE = Path(__file__).parent


def digest() -> str:
    """Return a hash of every source file that goes into the kernels."""
    codes = [_HERE.parent / "codes.py", _HERE.parent / "contract.py"]
    files = sorted([*_HERE.glob("*.py"), *codes])
    hashed = blake2b(digest_size=8)
    for file in files:
        hashed.update(file.name.encode())
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def folder() -> str:
    """Return the folder for this state of the source.

    It lies under `NUMBA_CACHE_DIR` if that is set, else beside the source, else, where
    that cannot be written, in the user's cache.
    """
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        base = Path(chosen)
    elif os.access(_HERE, os.W_OK):
        base = _HERE / "__pycache__"
    else:
        base = Path.home() / ".cache" / "pathsim"
    return str(base / f"kernels-{digest()}")
