"""The app as a process: one socket of this machine alone, until it is interrupted."""

from __future__ import annotations

import socket
import threading
import webbrowser
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from pathsim.errors import InputError, Problem
from pathsim.present.extras import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PACKAGES = ("starlette", "uvicorn", "multipart", "jinja2", "matplotlib")
HOST = "127.0.0.1"
_HIGHEST = 65_535
_LONGEST_ADDRESS = 256 * 1024
"""Bytes: without scripts a form sends every field."""


def serve(
    source: str,
    *,
    port: int,
    browser: bool,
    tell: Callable[[str], None],
    workers: int | None = None,
) -> None:
    """Serve the app of a scenario until the process ends.

    port: 0 picks one that is free. browser: whether to open the page. tell: is told where it is.
    Raises InputError.
    """
    need("app", *PACKAGES, purpose="the app")
    import uvicorn

    from .catalogue import Catalogue
    from .site import make_site

    catalogue = Catalogue(source)
    with _bound(port) as bound:
        address = f"http://{HOST}:{bound.getsockname()[1]}/"
        app, bench = make_site(catalogue, workers=workers)
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            http="h11",
            h11_max_incomplete_event_size=_LONGEST_ADDRESS,
            server_header=False,
        )
        tell(address)
        if browser:
            threading.Thread(target=webbrowser.open, args=[address], daemon=True).start()
        server = uvicorn.Server(config)
        # Signals stay the command line's.
        vars(server)["capture_signals"] = nullcontext
        try:
            server.run(sockets=[bound])
        finally:
            bench.close()


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """Give a socket of this machine alone. Raises InputError for a port that cannot be had."""
    if not 0 <= port <= _HIGHEST:
        allowed = f"0 to {_HIGHEST}; 0 picks one that is free"
        raise InputError(Problem("is no port", key="--port", found=port, allowed=allowed))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((HOST, port))
            found.listen()
        except OSError as error:
            message = f"cannot be had: {(error.strerror or 'refused').lower()}"
            allowed = "another port; 0 picks one that is free"
            raise InputError(Problem(message, key="--port", found=port, allowed=allowed)) from None
        yield found
