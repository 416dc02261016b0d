"""The documentation site builds without a warning, and every page reads in a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import pathsim as ps
from browser import faults_of, page, scrolls_sideways

pytest.importorskip("sphinx", reason="of the extra 'docs' alone")

ROOT = Path(__file__).parents[1]
LOOKED_AT = ("index", "add-a-service", "cli", "api", "concepts/services")
"""The first page, a guide, two pages of reference, a concept."""
SIZES = [(320, False), (320, True), (1280, False), (1280, True)]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as `make docs` builds it, but for the notebooks: those have tests of their own."""
    out = tmp_path_factory.mktemp("site")
    words = ["--nitpicky", "--fail-on-warning", "--keep-going", "--quiet"]
    words += ["--builder", "html", "--doctree-dir", str(out / "doctrees")]
    words += ["--define", "nb_execution_mode=off", str(ROOT / "docs"), str(out / "html")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return out / "html"


class Addresses(HTMLParser):
    """The links of a page, and what can be linked to on it."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            if name in ("href", "src") and value and not urlsplit(value).scheme:
                self.links.append(value)


@pytest.fixture(scope="module")
def pages(site):
    files = [each for each in site.rglob("*.html") if "_static" not in each.parts]
    return {each: Addresses(each.read_text(encoding="utf-8")) for each in files}


def broken(links, start, pages):
    for link in links:
        path, anchor = urldefrag(unquote(link))
        file = (start.parent / urlsplit(path).path).resolve() if path else start
        is_there = file.exists() and (not anchor or file not in pages or anchor in pages[file].ids)
        if not is_there:
            yield f"{start.name}: {link}"


def test_every_link_and_every_anchor_of_the_site_resolves(pages):
    resolved = {file.resolve(): found for file, found in pages.items()}
    assert len(resolved) > 40
    assert sum(len(found.links) for found in resolved.values()) > 2000
    skipped = ("#",)  # the top of the page itself
    for file, found in resolved.items():
        links = [link for link in found.links if link not in skipped]
        assert list(broken(links, file, resolved)) == []


def test_nothing_of_the_site_is_loaded_from_elsewhere(site):
    loaded = re.compile(
        r"<(?:script|img|iframe|source)[^>]+src=\"(?:https?:)?//|@import|"
        r"<link[^>]+rel=\"(?:stylesheet|preload|preconnect)\"[^>]+href=\"https?:"
    )
    for file in site.rglob("*.html"):
        assert not loaded.search(file.read_text(encoding="utf-8")), file


def test_every_page_of_the_docs_is_on_the_site_and_in_llms_txt(site):
    sources = [*(ROOT / "docs").rglob("*.md"), *(ROOT / "notebooks").glob("*.ipynb")]
    names = {
        each.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
        if each.suffix == ".md"
        else f"notebooks/{each.stem}.html"
        for each in sources
        if "_site" not in each.parts and ".ipynb_checkpoints" not in each.parts
    }
    listed = re.findall(r"\]\(([^)]+)\)", (site / "llms.txt").read_text(encoding="utf-8"))
    assert listed[0] == "index.html"
    assert {each for each in names if not (site / each).exists()} == set()
    assert set(listed) == names
    assert len(listed) == len(names)


def test_every_public_name_is_in_the_reference(pages, site):
    ids = pages[site / "api.html"].ids
    names = {f"pathsim.{name}" for name in ps.__all__} - {"pathsim.__version__", "pathsim.plot"}
    assert names | {f"pathsim.plot.{name}" for name in ps.plot.__all__} <= ids


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_pages_are_accessible_ask_for_nothing_and_fit(site, width, dark):
    asked, said = [], []

    def hear(message):
        if message.type in ("error", "warning"):
            said.append(message.text)

    with page(width=width, dark=dark) as opened:
        opened.on("request", lambda request: asked.append(request.url))
        opened.on("pageerror", lambda error: said.append(str(error)))
        for name in LOOKED_AT:
            opened.on("console", hear)
            opened.goto((site / f"{name}.html").as_uri())
            assert not scrolls_sideways(opened), name
            assert opened.evaluate("document.documentElement.dataset.theme") == (
                "dark" if dark else "light"
            )
            opened.wait_for_load_state("networkidle")
            assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
            opened.remove_listener("console", hear)  # axe itself asks for style sheets, in vain
            assert faults_of(opened) == [], name
    assert said == []


def test_the_search_answers_from_plain_files(site):
    with page() as opened:
        opened.goto((site / "search.html").as_uri() + "?q=reneging")
        opened.wait_for_selector("#search-results li a")
        found = opened.locator("#search-results li a").all_inner_texts()
    assert any("Glossary" in each for each in found)


def slugs(text: str) -> set[str]:
    """Return the anchors that the code host gives the headings of a page."""
    bare = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = [each.replace("`", "") for each in re.findall(r"^#+ (.+)$", bare, re.MULTILINE)]
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_every_link_of_a_page_works_on_the_code_host():
    sources = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    tried = 0
    for source in sources:
        text = re.sub(
            r"^```.*?^```", "", source.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        for link in [each[0] or each[1] for each in LINK.findall(text)]:
            if urlsplit(link).scheme:
                continue
            tried += 1
            path, anchor = urldefrag(link)
            file = (source.parent / path) if path else source
            assert file.exists(), (source.name, link)
            if anchor:
                assert anchor in slugs(file.read_text(encoding="utf-8")), (source.name, link)
    assert tried > 150
