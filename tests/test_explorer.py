"""The explorer of a report, in a browser, against the emulator in Python."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from browser import faults_of, page
from pathsim.decision.portfolio.emulator import fit
from pathsim.decision.portfolio.evaluate import NPSV
from pathsim.decision.portfolio.explorable import explorable
from pathsim.decision.portfolio.explore import Effort, search_mixes
from pathsim.decision.portfolio.result import Portfolio
from pathsim.decision.told import told
from pathsim.present.explorer import explorer_html
from test_portfolio_search import LEVELS, LEVERS, Toy

POINTS = 50
EXACT = 1e-9
NAMES = (
    "services.gps_tag.capacity",
    "services.mentor.capacity",
    "</script><b>An option & more",
    *(f"services.s{k}.capacity" for k in range(LEVERS - 3)),
)
LEVELS_OF = dict.fromkeys(NAMES, (8.0, 4.0, 12.0))
"""The baseline's own level is no end of the slider."""


def portfolio_of(found, levels, **more):
    """Return a portfolio of which only the search matters here."""
    given = {"budget": 60.0, "maximised": NPSV, "years": 10, "delta": 1.0, "sure": 0.95}
    rest = dict.fromkeys(("pick", "mixes", "frontier", "shadow", "provenance"))
    return Portfolio(found=found, levels=levels, indifferent=(), **{**given, **rest, **more})


@pytest.fixture(scope="module")
def portfolio():
    toy = Toy(2)
    found = search_mixes(toy, toy.space, effort=Effort(64, 64, 1.0, 0.9, seed=1))
    assert not found.everything
    return portfolio_of(found, LEVELS_OF)


def page_of(portfolio):
    return (
        "<!doctype html><html lang='en'><head><title>t</title></head><body><main><h1>t</h1>"
        f"{explorer_html(portfolio)}</main></body></html>"
    )


def state_of(opened, mix, order):
    """Move the sliders to a mix, by their values, and return what the page says."""
    opened.evaluate(
        """places => document.querySelectorAll("input[type=range]").forEach((each, k) => {
            each.value = places[k];
            each.dispatchEvent(new Event("input"));
        })""",
        [order.index(k) for k in mix],
    )
    answer = opened.locator(".explorer-answer")
    data = answer.evaluate("each => ({...each.dataset})")
    return data["state"], float(data["worth"]), float(data["spend"]), answer.inner_text()


def expected(found, mix):
    """Return what the page is to say: whether simulated, and what the mix is worth."""
    over = not found.space.allows(mix)
    if mix in found.seen:
        return "simulated", found.seen[mix].mean()
    own = [(lever, k) for lever, k in enumerate(mix) if k]
    together = all(
        any(each[a[0]] == a[1] and each[b[0]] == b[1] for each in found.seen)
        for a, b in combinations(own, 2)
    )
    state = "estimated" if together and not over else "extrapolated"
    return state, found.emulator.worth([mix])[0]


def test_the_page_says_of_fifty_mixes_what_the_emulator_says(portfolio):
    found = portfolio.found
    rng = np.random.default_rng(5)
    seen = [mix for mix in found.seen if any(mix)]
    mixes = [tuple(map(int, rng.integers(0, LEVELS, LEVERS))) for _ in range(POINTS - 15)]
    mixes += [seen[k] for k in rng.permutation(len(seen))[:14]] + [found.space.baseline]
    states = []
    with page() as opened:
        wrong = []
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.set_content(page_of(portfolio))
        for mix in mixes:
            state, worth, spend, words = state_of(opened, mix, [1, 0, 2])
            told_state, told_worth = expected(found, mix)
            assert state == told_state, mix
            assert worth == pytest.approx(told_worth, rel=EXACT, abs=EXACT)
            assert spend == pytest.approx(found.space.spend(mix), rel=EXACT)
            assert ("Extrapolates" in words) == (state == "extrapolated")
            assert ("over the budget" in words) == (not found.space.allows(mix))
            assert ("standard error" in words) == (state == "estimated")
            assert ("95% interval" in words) == (mix in found.seen)
            states.append(state)
        assert wrong == []
    assert len(mixes) == POINTS
    assert set(states) == {"simulated", "estimated", "extrapolated"}


def test_levels_never_simulated_together_are_marked_within_the_budget_too(portfolio):
    found = portfolio.found
    apart = {mix: each for mix, each in found.seen.items() if not (mix[0] == 1 and mix[1] == 1)}
    fewer = replace(portfolio, found=replace(found, seen=apart))
    together, one = (1, 1, 0, 0, 0, 0), (1, 0, 0, 0, 0, 0)
    assert found.space.allows(together)
    with page() as opened:
        opened.set_content(page_of(fewer))
        state, _, _, words = state_of(opened, together, [1, 0, 2])
        assert state == "extrapolated"
        assert "never simulated together" in words
        assert state_of(opened, one, [1, 0, 2])[0] != "extrapolated"


def test_sliders_go_by_keyboard_from_the_least_level_and_say_it(portfolio):
    with page(width=320) as opened:
        opened.set_content(page_of(portfolio))
        slider = opened.get_by_role("slider", name="services.gps_tag.capacity")
        assert slider.get_attribute("aria-valuetext") == "8"
        slider.press("ArrowLeft")
        assert slider.get_attribute("aria-valuetext") == "4"
        assert opened.locator(".explorer-level").first.inner_text() == "4"
        option = opened.get_by_role("slider", name=NAMES[2])
        option.press("End")
        assert option.get_attribute("aria-valuetext") == "taken"
        assert opened.get_by_role("status").inner_text().startswith("Worth £")
        assert faults_of(opened) == []


def test_without_scripts_a_line_says_what_is_lacking(portfolio):
    with page(scripts=False) as opened:
        opened.set_content(page_of(portfolio))
        assert opened.get_by_text("This part needs scripts").is_visible()
        assert not opened.get_by_role("slider").count()


def test_the_data_are_small_and_end_no_script(portfolio):
    html = explorer_html(portfolio)
    assert html.count("</script>") == 2
    held = re.search(r'explorer-data">(.*?)</script>', html).group(1)
    assert json.loads(held)["levers"][2]["name"] == NAMES[2]
    assert "<b>" not in html
    assert len(held) < 40_000


def test_the_standard_error_is_that_of_mixes_left_out(portfolio):
    found = portfolio.found
    mixes = [mix for mix in found.seen if any(mix)]
    worth = np.array([found.seen[mix].mean() for mix in mixes])
    off = []
    for k in range(len(mixes)):
        rest = [j for j in range(len(mixes)) if j != k]
        left = fit([mixes[j] for j in rest], worth[rest], sizes=found.space.sizes)
        off.append(worth[k] - left.worth([mixes[k]])[0])
    error = explorable(portfolio)["se"]
    assert np.sqrt(np.mean(np.square(off))) == pytest.approx(error, rel=0.3)


def test_where_all_is_simulated_the_page_has_all_and_the_intervals_are_those_of_doubt():
    toy = Toy(1)
    found = search_mixes(toy, toy.space.within(12.0), effort=Effort(64, 64, 0.01, 0.9, seed=1))
    assert found.everything
    portfolio = portfolio_of(found, LEVELS_OF, budget=12.0, maximised="reoffences_total")
    data = explorable(portfolio)
    assert set(data["simulated"]) == {",".join(map(str, mix)) for mix in found.seen}
    mix = found.pick
    known = told(found.seen[mix])
    assert data["simulated"][",".join(map(str, mix))] == [known.mean, known.low, known.high]
    assert data["pounds"] is False
    only = replace(found, seen={found.space.baseline: found.seen[found.space.baseline]})
    nothing = explorable(portfolio_of(only, LEVELS_OF))
    assert (nothing["se"], nothing["main"], nothing["pairs"]) == (None, [], [])
