"""What a process of the command line owes the shell: to end when asked, and its standard streams.

SIGINT and SIGTERM end the process at once, from wherever it is: what was written aside is
removed, one line is said, and the exit code is 130. Python's own way, an exception in the main
thread, comes too late where that thread is in compiled code, and libraries may swallow it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress

from pathsim.cli.streams import look_after_streams

INTERRUPTED = 130
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STUCK_SECONDS = 0.5
"""After which the main thread is taken to be in compiled code."""
_SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"
"""On a terminal: clears the line of a progress bar, which hides the cursor."""

_goes_on_from = ""
_leaving = threading.Lock()
_leaver = 0
"""Number of the thread that ends the process."""


def look_after() -> None:
    """End the process in order on SIGINT and SIGTERM, and give it the standard streams it lacks."""
    look_after_streams()
    if threading.current_thread() is not threading.main_thread():
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    threading.Thread(target=_watch, args=[heard], daemon=True, name="interrupts").start()
    signal.set_wakeup_fd(told.detach(), warn_on_full_buffer=False)
    for each in _SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:  # as under nohup
            signal.signal(each, lambda *_: _leave())


def all_done() -> None:
    """Hear no signal from now on: the work is done, and Python is about to end."""
    if threading.current_thread() is threading.main_thread():
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)


def goes_on_from(file: object) -> None:
    """Say in the last line, should an interrupt come, where the same command goes on from."""
    global _goes_on_from  # noqa: PLW0603 one process, one command
    _goes_on_from = str(file)


def forget_what_was() -> None:
    """Let the last line be about the command that begins now."""
    goes_on_from("")
    files = sys.modules.get("pathsim.files")
    if files:
        files.written.clear()


def last_line() -> str:
    """Return what is said at an interrupt."""
    if _goes_on_from:
        return f"interrupted; the same command goes on from {_goes_on_from}"
    files = sys.modules.get("pathsim.files")
    written = [str(file) for file in files.written] if files else []
    return f"interrupted; {'written: ' + ', '.join(written) if written else 'nothing was written'}"


def _watch(heard: socket.socket) -> None:
    """Wait for a signal; then end the process, if the main thread does not."""
    wanted = {int(each) for each in _SIGNALS}
    while not wanted.intersection(heard.recv(64)):
        pass
    time.sleep(_STUCK_SECONDS)
    _leave()


def _leave() -> None:
    """End the process; whoever comes second, such as another Ctrl-C, does nothing."""
    global _leaver  # noqa: PLW0603 one process, one end
    if not _leaving.acquire(blocking=False):
        while _leaver != threading.get_ident():
            time.sleep(_STUCK_SECONDS)  # the process ends meanwhile
        return
    _leaver = threading.get_ident()
    files = sys.modules.get("pathsim.files")
    if files:
        with suppress(Exception):
            files.abandon()
    with suppress(OSError):
        # Not by `sys.stderr`: what was interrupted may hold its lock.
        start = _SHOW_CURSOR if os.isatty(2) else b""
        os.write(2, start + f"{last_line()}\n".encode(errors="replace"))
    os._exit(INTERRUPTED)
