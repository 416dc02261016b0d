"""The report stands alone, is escaped, and its sections can be shown apart."""

from __future__ import annotations

import itertools
import re

import pytest
from jinja2 import UndefinedError

from pathsim.decision.results import results_data
from pathsim.errors import InputError
from pathsim.outcomes.results import Comparison
from pathsim.present.extras import need
from pathsim.present.report import SECTIONS, names_in, page_html, report_html, section_html
from pathsim.present.report.environment import environment
from report_pages import Page
from small_scenario import made_up_comparison


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


@pytest.fixture
def told(result):
    return results_data(result)


@pytest.fixture
def text(result, tmp_path):
    result.report(tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_page_has_a_language_a_title_landmarks_and_headings_in_order(text):
    page = Page(text)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert "<title>2 options against &#39;Small town&#39;</title>" in text
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer")] == [1] * 4
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_stands_in_a_region_that_a_keyboard_reaches(text):
    page = Page(text)
    tables = len(page.all("table"))
    assert tables == len(page.all("caption")) > 20
    assert all(head.get("scope") in ("row", "col") for head in page.all("th"))
    regions = [each for each in page.all("div") if each.get("role") == "region"]
    named = [each for each in regions if "aria-labelledby" in each]
    assert len(named) == tables
    assert {each["aria-labelledby"] for each in named} == {
        each["id"] for each in page.all("caption")
    }
    assert all(each["tabindex"] == "0" for each in regions)


def test_every_chart_has_a_role_a_name_its_words_and_a_table_behind_it(text):
    page = Page(text)
    charts = page.all("svg")
    assert len(charts) == len(page.all("figure")) == 2
    for chart in charts:
        assert chart["role"] == "img"
        assert 2 <= len(chart["aria-label"].split()) <= 10
        assert chart["aria-describedby"] in {each.get("id") for each in page.all("desc")}
    assert text.count("<summary>The figures behind this chart</summary>") == 2


def test_the_page_needs_nothing_else(text):
    page = Page(text)
    assert page.all("script") == page.all("link") == page.all("img") == []
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert "url(" not in re.sub(r"url\(#", "", text)


def test_ids_are_unique_and_every_link_of_the_page_leads_somewhere(text):
    page = Page(text)
    ids = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {each["href"] for each in page.all("a")}
    assert {"#main", "#answer", "#method", "#option-1", "#option-2"} <= links
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_no_word_is_broken_in_half(text):
    style = text[text.index("<style>") : text.index("</style>")]
    assert "break-all" not in style
    assert "anywhere" not in style
    assert "hyphens: auto" not in style


@pytest.mark.parametrize("name", [*SECTIONS, "option-1", "option-2"])
def test_a_section_stands_alone_under_its_own_name(told, name):
    page = Page(section_html(name, told, level=3))
    assert page.found[0] == (
        "section",
        page.found[0][1] | {"id": name, "aria-labelledby": f"{name}-title"},
    )
    assert page.found[1] == ("h3", {"id": f"{name}-title"})
    own = [attributes["id"] for _, attributes in page.found if "id" in attributes]
    assert all(each == name or each.startswith(f"{name}-") for each in own)


def test_the_sections_are_in_the_order_of_the_report(told, text):
    names = names_in(told)
    assert names[:4] == ("answer", "summary", "questions", "compare")
    assert names[-2:] == ("option-1", "option-2")
    found = [each["id"] for each in Page(text).all("section")]
    assert tuple(found) == names


@pytest.mark.parametrize("name", ["option-3", "option-0", "no", ""])
def test_a_section_that_is_not_there_is_refused(told, name):
    with pytest.raises(InputError, match="is no section"):
        section_html(name, told)


def test_titles_sources_and_descriptions_stay_text(told):
    script = '"><script>alert(1)</script>\u202e{{ 7 * 7 }}'
    for option in told["options"]:
        option["title"] = option["file"] = script
        option["about"]["description"] = script
        for change in option["about"]["changes"]:
            change["source"] = change["title"] = change["key"] = script
        for effect in option["about"]["effects"]:
            effect["source"] = effect["title"] = script
    told["baseline"]["title"] = told["baseline"]["about"]["description"] = script
    text = page_html(told)
    assert Page(text).all("script") == []
    assert "<script" not in text
    assert "\u202e" not in text
    assert "{{ 7 * 7 }}" in text


def test_a_template_refuses_a_name_that_it_is_not_given():
    with pytest.raises(UndefinedError, match="'no_such' is undefined"):
        environment().from_string("{{ no_such }}").render()


def test_what_a_template_shows_holds_no_mark_that_turns_text():
    shown = environment().from_string("{{ text }}").render(text="a\u202eb\n\tc<b>")
    assert shown == "a\\u202eb\n\tc&lt;b&gt;"


def test_the_report_tells_what_is_changed_and_what_stands_behind_it(told):
    text = section_html("option-1", told)
    assert "services.<wbr>mentor.<wbr>capacity" in text
    assert "<td>the option&#39;s own choice</td>" in text
    assert "<td>assumption</td>" in text
    assert "This option changes nothing in the baseline" in section_html("option-2", told)


def test_a_caveat_stands_on_the_first_page(told):
    text = section_html("answer", told)
    assert "The intervals cover luck only, not doubt about effects and prices." in text
    assert "no state of the world was drawn" in text


def test_the_report_says_where_it_comes_from(told):
    told["run"]["source"] = {"commit": None, "sha256": "ab" * 32}
    text = section_html("manifest", told)
    for words in ("no clone", "abababab<wbr>abababab", "<td>6</td>", "baseline.<wbr>toml"):
        assert words in text
    told["run"]["source"]["commit"] = "abc123"
    assert "<code>abc123</code>" in section_html("manifest", told)


def test_the_report_says_whether_intervals_are_of_doubt_or_of_luck(text, tmp_path):
    made_up_comparison(tmp_path, draws=3).report(tmp_path / "states.html")
    of_states = (tmp_path / "states.html").read_text(encoding="utf-8")
    doubt = (
        "100 people, 3 states of the world with 2 replications each, seed 1;",
        "simulated in 3 states of the world. In each, 5 quantities in doubt",
        "The 95% interval is doubt about what is to be expected.",
        "The intervals cover doubt about the quantities that have an interval.",
        "<td>3, of 5 quantities</td>",
        '<th scope="col">Chance it is better</th>',
    )
    luck = (
        "100 people, 6 replications, seed 1;",
        "The 95% interval shows luck only.",
        "The intervals cover luck alone, from replication to replication.",
        '<th scope="col">Years it is better</th>',
    )
    assert [words for words in (*doubt, *luck) if words in of_states] == list(doubt)
    assert [words for words in (*doubt, *luck) if words in text] == list(luck)


def test_the_same_result_gives_the_same_report(result, text, tmp_path):
    result.report(tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_one_scenario_has_a_report_too(result):
    text = report_html(result.baseline)
    page = Page(text)
    assert len(page.all("caption")) == 4
    assert [each["id"] for each in page.all("section")] == ["scenario", "method", "manifest"]
    assert "the same in all <data" in text


def test_a_missing_package_is_named_with_the_extra_that_brings_it():
    with pytest.raises(InputError, match=r"drawing needs no_such; .*offender-pathsim\[report\]"):
        need("report", "json", "no_such", purpose="drawing")


def test_a_comparison_draws_its_options_with_words_beside_the_marks(result):
    axes = result.plot.difference("cost_total")
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["More <mentors> & more", "The same again"]
    said = [text.get_text() for text in axes.texts]
    assert said[0] == "+£1,500 (same in 6 (<39%)), better in 0% of years"
    assert "lower is better" in axes.get_xlabel()


def test_a_picture_of_an_unknown_outcome_or_group_is_refused(result):
    assert isinstance(result, Comparison)
    with pytest.raises(InputError, match="did you mean 'cost_total'"):
        result.plot.difference("cost_totl")
    with pytest.raises(InputError, match="did you mean 'sex=male'"):
        result.plot.difference(group="sex=mail")
    with pytest.raises(InputError, match="for the group all only"):
        result.plot.difference("service.mentor.utilisation", group="sex=male")
