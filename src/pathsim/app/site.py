"""The pages of the app: what each address answers."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pathsim.errors import InputError

from . import downloads
from .address import read
from .asked import Asked, Desk
from .bench import Bench, Estimate
from .budget import budget, parsed
from .pages import STATIC, groups_of, hidden, render, styles
from .people import MOST_BYTES, Guests, safe_name
from .security import HOSTS, Guard
from .shown import FIRST, parts_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from .address import Address
    from .catalogue import Catalogue
    from .people import Uploaded

_FIRST_WAIT: Final = 1.8
"""Seconds that a whole page waits for a first estimate, for those without scripts."""
_FRAGMENT_WAIT: Final = 0.9
_REFUSED: Final = 422
_NONE: Final = Estimate(0, True, "", {})
_TABLES: Final = ("table", "mapping")


class Site(NamedTuple):
    """What the pages are made from."""

    catalogue: Catalogue
    desk: Desk
    bench: Bench
    guests: Guests

    def page(self, request: Request) -> Response:
        """Answer with the whole page, at its shortest address."""
        _, asked = self._asked(request)
        if not asked.refused:
            tidy = asked.address.query()
            if request.query_params.multi_items() != parse_qsl(tidy):
                return RedirectResponse(f"/?{tidy}" if tidy else "/", 303)
        return self._whole(asked, wait=_FIRST_WAIT)

    def fragment(self, request: Request) -> Response:
        """Answer with the estimate alone, for a page that has scripts."""
        _, asked = self._asked(request)
        have = request.query_params.get("have", "")
        asks_again = have.isdecimal()
        told = self._told(
            asked,
            wait=0.0 if asks_again else _FRAGMENT_WAIT,
            beyond=int(have[:6]) if asks_again else 0,
        )
        if asks_again and told["estimate"].draws == int(have[:6]) and not told["others"]:
            return Response(status_code=204)
        answer = Response(
            render("fragment", **told, groups=groups_of(asked)),
            _REFUSED if told["refused"] else 200,
            media_type="text/html",
        )
        if not asks_again:
            query = asked.address.query()
            answer.headers["HX-Push-Url"] = f"/?{query}" if query else "/"
        return answer

    def file(self, request: Request) -> Response:
        """Answer with a file of what is on the page."""
        name = request.path_params["name"]
        _, asked = self._asked(request)
        try:
            scenarios = self.desk.files(asked.address)
            if name in scenarios:
                return _file(name, scenarios[name].encode(), "text/plain; charset=utf-8")
            if name not in downloads.offered():
                raise HTTPException(404)
            draws = request.query_params.get("draws", "")
            if asked.wanted is None or not draws.isdecimal() or not 2 <= int(draws[:6]) <= 256:
                raise HTTPException(404)
            comparison = self.bench.comparison(asked.wanted, int(draws))
            content = downloads.made(name, comparison)
        except InputError as error:
            return PlainTextResponse(str(error), _REFUSED)
        return _file(name, content, downloads.KINDS[name])

    async def people(self, request: Request) -> Response:
        """Take uploaded people, and answer with a page that follows them."""
        form = await request.form(max_files=2, max_fields=4, max_part_size=30_000)
        said = form.get("address")
        files: dict[str, bytes] = {}
        name = ""
        for key in _TABLES:
            part = form.get(key)
            if part is not None and not isinstance(part, str):
                files[key] = await part.read()
                name = safe_name(part.filename) if key == "table" else name
        await form.close()
        return await run_in_threadpool(
            self._take, said if isinstance(said, str) else "", name, files
        )

    def _take(self, said: str, name: str, files: dict[str, bytes]) -> Response:
        try:
            address = read(parse_qsl(said))
            scenario = self.desk.baseline(address)
            table = files.get("table", b"")
            found = self.guests.read(name, table, files.get("mapping"), scenario=scenario)
        except InputError as error:
            asked = self.desk.asked(read(()))
            return self._whole(asked, people_problems=tuple(map(str, error.problems)))
        return RedirectResponse(f"/?{address.query(people=found.mark)}", 303)

    def _asked(self, request: Request) -> tuple[Address, Asked]:
        """Return what an address asks for, with everything that is refused of it."""
        try:
            address = read(request.query_params.multi_items())
        except InputError as error:
            nothing = self.desk.asked(read(()))
            others = tuple(map(str, error.problems))
            return nothing.address, replace(nothing, others=others)
        asked = self.desk.asked(address)
        try:
            if address.people:
                self.guests.known(address.people)
            parsed(address.budget)
        except InputError as error:
            return address, replace(
                asked, wanted=None, others=(*asked.others, *map(str, error.problems))
            )
        return address, asked

    def _whole(
        self, asked: Asked, *, wait: float = 0.0, people_problems: tuple[str, ...] = ()
    ) -> Response:
        told = self._told(asked, wait=wait)
        groups = groups_of(asked)
        text = render(
            "page",
            **told,
            groups=groups,
            hidden=hidden(asked, groups),
            people_problems=people_problems,
        )
        refused = told["refused"] or people_problems
        return Response(text, _REFUSED if refused else 200, media_type="text/html")

    def _told(self, asked: Asked, *, wait: float, beyond: int = 0) -> dict[str, Any]:
        """Return what every page and part of one shows."""
        address, wanted = asked.address, asked.wanted
        found = _NONE
        if wanted is not None:
            found = self.bench.estimate(wanted, wait=wait, beyond=beyond)
        others = (*asked.others, *found.problems)
        return {
            "asked": asked,
            "address": address,
            "catalogue": self.catalogue,
            "estimate": found,
            "first": FIRST,
            "others": others,
            "refused": asked.refused or bool(found.problems),
            "days": self.catalogue.days(address.start),
            "budget": self._budget(asked),
            "people": self._guest(address),
            **self._again(asked),
            "pinned": urlencode({"draws": found.draws}),
        }

    def _again(self, asked: Asked) -> dict[str, Any]:
        """Return the scenario files, and the command that has the same figures with them."""
        if asked.wanted is None:
            return {"scenario_files": (), "command": "", "people_options": ""}
        names = tuple(self.desk.files(asked.address))
        first = () if "baseline.toml" in names else (self.catalogue.offered("").extends,)
        people = self._guest(asked.address)
        given = "" if people is None else f" --cohort {shlex.quote(people.name)}"
        if people is not None and people.mapped:
            given += " --mapping mapping.toml"
        return {
            "scenario_files": names,
            "command": " ".join(map(shlex.quote, (*first, *names))),
            "people_options": given,
        }

    def _budget(self, asked: Asked) -> object:
        amount = None if asked.refused else parsed(asked.address.budget)
        if amount is None:
            return None
        baseline = self.catalogue.baseline if asked.wanted is None else asked.wanted.baseline
        option = baseline if asked.wanted is None else asked.wanted.options[0]
        return budget(amount, baseline, option, asked.levers)

    def _guest(self, address: Address) -> Uploaded | None:
        try:
            return self.guests.known(address.people) if address.people else None
        except InputError:
            return None


def make_site(catalogue: Catalogue, *, workers: int | None = None) -> tuple[Starlette, Bench]:
    """Return the application, and the work behind it, which is to be closed at the end."""
    guests = Guests()
    bench = Bench(parts_of, guests.cohort, baseline=catalogue.baseline, workers=workers)
    site = Site(catalogue, Desk(catalogue), bench, guests)
    app = Starlette(
        routes=[
            Route("/", site.page),
            Route("/estimate", site.fragment),
            Route("/people", site.people, methods=["POST"]),
            Route("/download/{name}", site.file),
            Route("/report.css", lambda _: Response(styles(), media_type="text/css")),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS), www_redirect=False),
            Middleware(Guard, most_bytes=MOST_BYTES),
        ],
    )
    return app, bench


def _file(name: str, content: bytes, kind: str) -> Response:
    """Return a file to keep; a page of it would run nothing and ask for nothing."""
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)
