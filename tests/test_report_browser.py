"""The report in a browser: on narrow and wide windows, light and dark, and on paper."""

from __future__ import annotations

import pytest

import pathsim as ps
from browser import faults_of, page, scrolls_sideways
from pathsim.present.report import report_html
from priced_town import priced_town, with_more

_SCRIPT = "<script>window.stolen = 1</script><img src=x onerror='window.stolen = 1'>"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    where = tmp_path_factory.mktemp("town")
    town = priced_town(where)
    said = {"services.mentor.capacity": 20, "description": _SCRIPT}
    some = town.change(f"Some {_SCRIPT}", said)
    compared = ps.compare(town, [with_more(town), some], draws=32, replications=2, seed=3)
    found = where / "report.html"
    found.write_text(report_html(compared), encoding="utf-8")
    return found


def opened(view, file):
    """Open the report, and return what it asked for and what went wrong."""
    asked, wrong = [], []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: wrong.append(message.text))
    view.on("pageerror", lambda error: wrong.append(str(error)))
    view.goto(file.as_uri())
    return asked, wrong


@pytest.mark.parametrize(
    ("width", "dark"), [(320, False), (360, True), (768, False), (1280, False), (1280, True)]
)
def test_it_has_no_fault_and_asks_for_nothing(file, width, dark):
    with page(width=width, dark=dark) as view:
        asked, wrong = opened(view, file)
        assert not scrolls_sideways(view)
        view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert not scrolls_sideways(view)
        assert faults_of(view) == []
        assert asked == [file.as_uri()]
        assert wrong == []
        assert view.evaluate("window.stolen") is None


def test_every_region_that_scrolls_is_reached_by_keyboard(file):
    with page(width=320) as view:
        opened(view, file)
        hidden = view.evaluate(
            """() => [...document.querySelectorAll('*')].filter(each => {
                const style = getComputedStyle(each).overflowX;
                const scrolls = style === 'auto' || style === 'scroll';
                return scrolls && each.scrollWidth > each.clientWidth && each.tabIndex < 0;
            }).map(each => each.outerHTML.slice(0, 80))"""
        )
        assert hidden == []
        view.keyboard.press("Tab")
        assert view.evaluate("document.activeElement.textContent") == "Skip to the answer"
        view.keyboard.press("Enter")
        assert view.url.endswith("#main")
        summary = view.get_by_role("region", name="The options in one table")
        summary.focus()
        view.keyboard.press("ArrowRight")
        view.wait_for_timeout(300)
        assert summary.evaluate("each => each.scrollLeft") > 0


def test_what_a_reader_hears_of_each_chart_says_its_finding(file):
    with page() as view:
        opened(view, file)
        charts = view.locator("svg[role=img]")
        assert charts.count() >= 5
        for k in range(charts.count()):
            chart = charts.nth(k)
            title = chart.get_attribute("aria-label")
            heard = chart.aria_snapshot()
            assert heard.startswith("- img")
            assert title in heard.replace("''", "'")
            assert chart.locator("xpath=ancestor::figure").get_by_role("group").count() >= 1


def test_no_word_is_cut_on_a_narrow_window(file):
    with page(width=320) as view:
        opened(view, file)
        cut = view.evaluate(
            """() => [...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, th, td')]
                .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 0)
                .map(each => each.textContent.trim().slice(0, 60))"""
        )
        assert cut == []
        rules = view.evaluate(
            """() => [...document.querySelectorAll('*')].map(each => getComputedStyle(each))
                .filter(style => style.wordBreak === 'break-all' || style.hyphens === 'auto'
                    || style.overflowWrap === 'anywhere').length"""
        )
        assert rules == 0


def test_on_paper_all_is_open_light_and_on_pages_of_its_own(file):
    with page(dark=True) as view:
        opened(view, file)
        view.emulate_media(media="print")
        assert view.evaluate("getComputedStyle(document.body).color") == "rgb(20, 24, 29)"
        folded = view.locator("details:not([open]) table")
        assert folded.count() > 3
        assert all(folded.nth(k).bounding_box()["height"] > 20 for k in range(folded.count()))
        own = view.evaluate(
            """() => [...document.querySelectorAll('.own-page, #summary')]
                .map(each => getComputedStyle(each).breakBefore)"""
        )
        assert own == ["page"] * 3
        assert not view.locator("nav").is_visible()
        printed = view.pdf(prefer_css_page_size=True)
        assert printed.startswith(b"%PDF")
