"""What keeps the page to this machine and to itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS: Final = ("127.0.0.1", "localhost")
"""Names by which the page is asked for; any other may be a trick of a name server."""
_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Refuses what comes from another page, or is too large, and adds headers to every answer."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        """Stand before an application. most_bytes: of what is sent to it."""
        self._app, self._most = app, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        app = self._app if refusal is None else refusal
        await app(scope, self._counted(receive), _with_headers(send))

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        if method in ("GET", "HEAD"):
            return None
        if method != "POST":
            return PlainTextResponse("not allowed", 405)
        if headers.get("origin", "").lower() != f"http://{headers.get('host', '')}".lower():
            return PlainTextResponse("refused: this was sent from another page", 403)
        length = headers.get("content-length", "")
        if not length.isdecimal():
            return PlainTextResponse("refused: how much is sent is not said", 411)
        if int(length) > self._most:
            return PlainTextResponse(f"refused: more than {self._most:,} bytes", 413)
        return None

    def _counted(self, receive: Receive) -> Receive:
        """Return what hands on a request, and ends it where it is longer than it said."""
        had = 0

        async def counted() -> Message:
            nonlocal had
            message = await receive()
            had += len(message.get("body", b""))
            return {"type": "http.disconnect"} if had > self._most else message

        return counted


def _with_headers(send: Send) -> Send:
    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return with_headers
