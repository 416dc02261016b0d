"""The report stands alone, is escaped, and can be read without seeing the pictures."""

import itertools
import re
from html.parser import HTMLParser

import pytest

from pathsim.errors import InputError
from pathsim.outcomes.results import Comparison
from pathsim.present import report
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
    assert "More <mentors> & more: -2.0 pp (same in 6 (<39%)), better in 100% of years" in words[0]


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


def test_the_overview_has_the_years_or_in_states_the_chance_after_the_first_difference(
    result, tmp_path
):
    in_states = str(report._overview(made_up_comparison(tmp_path, draws=3)))
    assert '<th scope="col">chance it is lower</th>' in in_states
    assert in_states.count("<td>50%</td>") == 1
    said = str(report._overview(result))
    heads = ["option", "Proven reoffending rate", "years it is lower"]
    assert "".join(f'<th scope="col">{head}</th>' for head in heads) in said
    first = "<td>-2.0 pp (same in 6 (&lt;39%))</td><td>100%</td>"
    assert first in said
    assert "<caption>Differences from the baseline, with 95% intervals</caption>" in said
    assert said.count('<th scope="row">') == 2
    assert said.count("<td>+£1,500 (same in 6 (&lt;39%))</td>") == 2  # public purse and total


def test_the_report_says_whether_intervals_are_of_doubt_or_of_luck(text, tmp_path):
    made_up_comparison(tmp_path, draws=3).report(tmp_path / "states.html")
    of_states = (tmp_path / "states.html").read_text(encoding="utf-8")
    doubt = (
        "100 people, 3 states of the world with 2 replications each, seed 1.",
        "There are 3 states of the world that fit the evidence: in each, 5 quantities in doubt",
        "its 95% interval is doubt about what is to be expected",
        "The intervals cover doubt about the quantities that have an interval.",
        '<th scope="row">states of the world</th><td>3, of 5 quantities</td>',
        '<th scope="col">chance it is lower</th>',
    )
    luck = (
        "100 people, 6 replications, seed 1.",
        "Its 95% interval shows luck only: how well these replications fix the mean difference.",
        "The intervals cover luck alone, from replication to replication.",
        '<th scope="col">years it is lower</th>',
    )
    assert [words for words in (*doubt, *luck) if words in of_states] == list(doubt)
    assert [words for words in (*doubt, *luck) if words in text] == list(luck)


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
