"""The app as somebody uses it: by role, by keyboard alone, without scripts, on every width."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app_pages import served, written
from browser import faults_of, page, scrolls_sideways
from made_people import made_table

LEVER = "Mental health treatment requirement: share referred"
PLACES = "Mental health treatment requirement: places"
SLOW = 120_000
"""Milliseconds: the machine of the tests may be busy."""


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    with served(written(tmp_path_factory.mktemp("folder"))) as address:
        yield address


def watched(opened, at: str) -> list[str]:
    """Return a list that grows with errors of the console and requests to elsewhere."""
    found: list[str] = []
    opened.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: found.append(str(error)))
    opened.on(
        "request", lambda asked: None if asked.url.startswith(at) else found.append(asked.url)
    )
    opened.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    return found


def states(opened) -> int:
    found = re.match(r"(\d+) states?", opened.get_by_role("status").inner_text())
    return int(found.group(1)) if found else 0


def move(opened, label: str, value: str) -> None:
    field = opened.get_by_role("textbox", name=label, exact=True)
    field.fill(value)
    field.press("Tab")


def open_group(opened, name: str) -> None:
    """Open a group of levers, if it is closed."""
    group = opened.locator("details.group").filter(has=opened.locator("summary", has_text=name))
    if group.get_attribute("open") is None:
        group.locator("summary").first.click()


def test_move_see_it_sharpen_go_back_and_come_again(at):
    with page() as opened:
        faults = watched(opened, at)
        opened.goto(at)
        expect(opened.get_by_role("status")).to_have_text("Nothing is moved yet.")
        open_group(opened, "Referrals")
        move(opened, LEVER, "0.5")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        first = states(opened)
        assert opened.url == f"{at}?services.mhtr.referral=0.5"
        expect(opened.get_by_role("status")).to_have_text(re.compile("^(16|32|64|128|256) states"))
        assert states(opened) > first
        opened.go_back()
        expect(opened.get_by_role("status")).to_have_text("Nothing is moved yet.")
        opened.wait_for_load_state("networkidle")  # the page is loaded anew
        opened.go_forward()
        expect(opened.get_by_role("textbox", name=LEVER, exact=True)).to_have_value("0.5")
        opened.reload()
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        assert faults == []


def test_a_slider_and_its_field_say_the_same(at):
    with page() as opened:
        watched(opened, at)
        opened.goto(at)
        slider = opened.get_by_role("slider", name=f"{PLACES}, slider")
        field = opened.get_by_role("textbox", name=PLACES, exact=True)
        slider.focus()
        slider.press("ArrowRight")
        expect(field).to_have_value("7")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        assert "services.mhtr.capacity=7" in opened.url
        field.fill("9")
        assert slider.input_value() == "9"


def test_choose_an_option_of_the_folder_whose_title_is_text(at):
    with page() as opened:
        faults = watched(opened, at)
        opened.goto(at)
        opened.get_by_label("Begin with").select_option("ten-places")
        opened.wait_for_url("**/?start=ten-places*")
        expect(opened.get_by_role("textbox", name=PLACES, exact=True)).to_have_value("10")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        assert opened.title() != "caught"
        assert faults == []


def test_a_wrong_value_is_refused_beside_its_field_and_mended(at):
    with page() as opened:
        watched(opened, at)
        opened.goto(at)
        open_group(opened, "Referrals")
        move(opened, LEVER, "7")
        field = opened.get_by_role("textbox", name=LEVER, exact=True)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile("7 percent is 0.07; found 7"))
        expect(opened.get_by_role("alert")).to_contain_text("Refused.")
        move(opened, LEVER, "0.07")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        expect(field).not_to_have_attribute("aria-invalid", "true")
        expect(opened.get_by_role("alert")).to_have_count(0)


def test_a_budget_says_what_fits_and_buys_it(at):
    with page() as opened:
        watched(opened, at)
        opened.goto(at)
        move(opened, PLACES, "8")
        move(opened, "Budget for places, £ a year", "20,000")
        expect(opened.get_by_role("heading", name="What the budget buys")).to_be_visible()
        buy = opened.get_by_role("link", name=re.compile(f"^Buy .* more: {re.escape(PLACES)}"))
        buy.click()
        expect(opened.get_by_role("heading", name="What the budget buys")).to_be_visible()
        expect(buy).to_have_count(0)
        expect(opened.get_by_text("it fits")).to_be_visible()


def test_two_options_are_put_side_by_side(at):
    with page() as opened:
        watched(opened, at)
        opened.goto(f"{at}?services.mhtr.referral=0.5&title=Half")
        opened.get_by_role("link", name="Keep this option beside the next").click()
        move(opened, "Name of your option", "Fewer")
        open_group(opened, "Referrals")
        move(opened, LEVER, "0.3")
        table = opened.get_by_role("table", name=re.compile("Each option against the baseline"))
        expect(table.get_by_role("rowheader", name="Fewer")).to_be_visible()
        expect(table.get_by_role("rowheader", name="Half")).to_be_visible()


def test_own_people_by_upload_and_a_table_that_is_refused(at, tmp_path):
    good, bad = tmp_path / "ours.csv", tmp_path / "bad.csv"
    good.write_text(made_table(130).to_csv(index=False), encoding="utf-8")
    bad.write_text("id,age\n1,30\n", encoding="utf-8")
    with page() as opened:
        watched(opened, at)
        opened.goto(f"{at}?services.mhtr.referral=0.5")
        opened.get_by_label("Table of people").set_input_files(bad)
        opened.get_by_role("button", name="Follow these people").click()
        expect(opened.get_by_text("the column is missing").first).to_be_visible()
        opened.goto(f"{at}?services.mhtr.referral=0.5")
        opened.get_by_label("Table of people").set_input_files(good)
        opened.get_by_role("button", name="Follow these people").click()
        expect(opened.get_by_text("follows 130 people of")).to_be_visible()
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()


def test_the_keyboard_alone_is_enough(at):
    with page() as opened:
        watched(opened, at)
        opened.goto(at)
        opened.keyboard.press("Tab")
        opened.keyboard.press("Enter")  # the first link skips to the levers
        for _ in range(40):
            opened.keyboard.press("Tab")
            if opened.evaluate("document.activeElement.name") == "services.mhtr.capacity":
                break
        opened.keyboard.press("Control+A")
        opened.keyboard.type("9")
        opened.keyboard.press("Tab")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert opened.evaluate(outline) != "none"
        assert "services.mhtr.capacity=9" in opened.url


def test_it_works_without_scripts(at):
    with page(scripts=False) as opened:
        watched(opened, at)
        opened.goto(at)
        assert opened.get_by_role("slider").count() == 0
        opened.get_by_role("searchbox", name="Find a lever").fill("mental health referred")
        opened.get_by_role("button", name="Find").click()
        opened.get_by_role("textbox", name=LEVER, exact=True).fill("0.5")
        opened.get_by_role("button", name="Estimate").click()
        assert "services.mhtr.referral=0.5" in opened.url
        assert "services.gps_tag" not in opened.url
        heading = opened.get_by_role("heading", name="The options compared")
        while not heading.count():
            opened.get_by_role("link", name="look again").click()
        assert states(opened) >= 4
        opened.get_by_role("textbox", name=LEVER, exact=True).fill("7")
        opened.get_by_role("button", name="Estimate").click()
        expect(opened.get_by_text("7 percent is 0.07").first).to_be_visible()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 640, 768, 1280])
def test_no_fault_of_accessibility_on_any_width(at, width, dark):
    """640 pixels are what a window of 1,280 has at 200% zoom."""
    with page(width=width, dark=dark) as opened:
        faults = watched(opened, at)
        opened.goto(f"{at}?services.mhtr.referral=0.5&services.mhtr.capacity=10&budget=50000")
        expect(opened.get_by_role("heading", name="The options compared")).to_be_visible()
        for summary in ("More: who pays", "Assumptions"):
            opened.locator("summary", has_text=summary).first.click()
        assert not scrolls_sideways(opened)
        assert faults_of(opened) == []
        opened.goto(f"{at}?services.mhtr.referral=7")
        assert faults_of(opened) == []
        assert not scrolls_sideways(opened)
        assert [each for each in faults if "422" not in each] == []
