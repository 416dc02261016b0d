"""The report stands alone, is escaped, and can be read without seeing the pictures."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from pathsim.errors import InputError
from pathsim.outcomes.results import Comparison
from pathsim.present.extras import need
from small_scenario import made_up_comparison

VOID = {"meta", "img", "br", "link"}


class Page(HTMLParser):
    """The elements of a page, refusing one that is not well nested."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


@pytest.fixture
def text(result, tmp_path):
    result.report(tmp_path / "report.html")
    return (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_page_has_a_language_a_title_and_headings_in_order(text):
    page = Page(text)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert "<title>Options against Small town</title>" in text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_has_a_caption_and_every_picture_says_what_it_shows(text):
    page = Page(text)
    assert len(page.all("table")) == len(page.all("caption")) > 5
    assert all(head.get("scope") in ("row", "col") for head in page.all("th"))
    words = [picture["alt"] for picture in page.all("img")]
    assert len(words) == 3
    assert "More <mentors> & more: -2.0 pp (same in 6 (<39%)), 100% better" in words[0]


def test_the_page_needs_nothing_else(text):
    page = Page(text)
    assert page.all("script") == page.all("link") == []
    assert all(
        picture["src"].startswith("data:image/svg+xml;base64,") for picture in page.all("img")
    )
    assert "http://" not in text
    assert "https://" not in text


def test_titles_are_escaped(text):
    assert "<mentors>" not in re.sub(r'alt="[^"]*"', "", text)
    assert "More &lt;mentors&gt; &amp; more" in text


def test_ids_are_unique(text):
    ids = [attributes["id"] for _, attributes in Page(text).found if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_report_tells_what_is_changed_and_what_stands_behind_it(text):
    assert "services.mentor.capacity" in text
    assert "1 of 2: assumed: no published estimate stands behind it" in text
    assert "1 of 2: the option&#39;s own choice" in text
    assert "This option changes nothing in the baseline" in text


def test_the_report_tells_where_it_comes_from(text):
    assert "Where this comes from" in text
    for words in ("<td>6</td>", "baseline.toml"):
        assert words in text


def test_the_same_result_gives_the_same_report(result, text, tmp_path):
    result.report(tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_one_scenario_has_a_report_too(result, tmp_path):
    result.baseline.report(tmp_path / "run.html")
    page = Page((tmp_path / "run.html").read_text(encoding="utf-8"))
    assert len(page.all("caption")) == 4


def test_a_missing_package_is_named_with_the_extra_that_brings_it():
    with pytest.raises(InputError, match=r"drawing needs no_such; .*offender-pathsim\[report\]"):
        need("report", "json", "no_such", purpose="drawing")


def test_a_comparison_draws_its_options_with_words_beside_the_marks(result):
    axes = result.plot.difference("cost_total")
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == ["More <mentors> & more", "The same again"]
    said = [text.get_text() for text in axes.texts]
    assert said[0] == "+£1,500 (same in 6 (<39%)), 0% better"
    assert "lower is better" in axes.get_xlabel()


def test_a_picture_of_an_unknown_outcome_or_group_is_refused(result):
    assert isinstance(result, Comparison)
    with pytest.raises(InputError, match="did you mean 'cost_total'"):
        result.plot.difference("cost_totl")
    with pytest.raises(InputError, match="did you mean 'sex=male'"):
        result.plot.difference(group="sex=mail")
    with pytest.raises(InputError, match="for the group all only"):
        result.plot.difference("service.mentor.utilisation", group="sex=male")
