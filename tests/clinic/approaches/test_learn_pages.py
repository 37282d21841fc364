"""Pages to learn from: every number comes through the tag, every option gets the same room."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from tests.decision_aid_walk import Visitor

from longlight.clinic.approaches.rules.choosing import STEPS
from longlight.science import evidence
from longlight.science.evidence import BrokenReference, decision_aid, get_number
from longlight.ui.cited import sources_of

OPTIONS = [option.id for option in decision_aid().options]
PAGES = [
    "/",
    "/approaches/",
    "/approaches/claims/",
    "/approaches/conditions/",
    *(f"/approaches/{option_id}/" for option_id in OPTIONS),
]
# What may hold digits outside the tag: the denominator, phone numbers, dates, steps.
ALLOWED = re.compile(
    r"(?:[Oo]ut of|[Oo]f|of) 100\b|\b(?:988|911)\b|\b\w+\.? \d{1,2}, \d{4}\b|Step \d of \d"
)
VOID = {"meta", "link", "input", "br", "img", "path", "hr", "rect", "circle"}


class Outside(HTMLParser):
    """The words of a page that do not stand inside an element of the tag (class `ev`), nor in a plot with its table."""

    def __init__(self) -> None:
        super().__init__()
        self.inside: list[bool] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        classes = (dict(attrs).get("class") or "").split()
        # A figure's plot and table are drawn from numbers that the evidence gave.
        skipped = tag in {"head", "svg", "table"} or "ev" in classes
        self.inside.append(skipped or (bool(self.inside) and self.inside[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.inside.pop()

    def handle_data(self, text: str) -> None:
        if not (self.inside and self.inside[-1]):
            self.words.append(text)


def digits_outside_the_tag(html: str) -> list[str]:
    outside = Outside()
    outside.feed(html)
    text = ALLOWED.sub("", " ".join(" ".join(outside.words).split()))
    return [text[max(0, m.start() - 30) : m.end() + 10] for m in re.finditer(r"\d+", text)]


@pytest.mark.parametrize("path", PAGES)
def test_no_number_stands_outside_the_tag(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert digits_outside_the_tag(answer.content.decode()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("step", [step.value for step in STEPS])
def test_no_number_of_the_aid_stands_outside_the_tag(step: str) -> None:
    visitor = Visitor().to("values").press(values__effect="5", **{"values__altered-states": "1"})
    assert digits_outside_the_tag(visitor.to(step).page) == []


def test_a_number_outside_the_tag_would_be_found() -> None:
    found = digits_outside_the_tag("<main><p>55 of 100 people, <b class='ev'>41</b></p></main>")
    assert [text.split() for text in found] == [["55", "people,"]]


@pytest.mark.parametrize("path", PAGES)
def test_every_footnote_leads_to_a_source_on_its_page(path: str) -> None:
    page = Client().get(path).content.decode()
    anchors = set(re.findall(r'href="#(s\d+)"', page))
    assert anchors
    assert anchors <= set(re.findall(r'id="(s\d+)"', page))


def test_a_number_that_was_not_read_is_refused() -> None:
    unread = next(
        f"{record.id}.{number.id}"
        for record in evidence.all()
        for number in record.numbers
        if str(number.mark) != "read" and number.value is not None
    )
    assert str(get_number(unread)[1].mark) != "read"
    with pytest.raises(BrokenReference, match="not public"):
        sources_of([f"{{ev:{unread}}}"])


def test_an_unknown_option_is_not_there() -> None:
    assert Client().get("/approaches/crystals/").status_code == 404


@pytest.mark.parametrize("option_id", OPTIONS)
def test_every_option_has_the_same_rows_and_an_answer_to_each_outcome(option_id: str) -> None:
    page = Client().get(f"/approaches/{option_id}/").content.decode()
    aid = decision_aid()
    places = [page.index(f'<h2 class="label">{row.label}</h2>') for row in aid.rows]
    assert places == sorted(places)
    assert page.count('class="ia"') == len(aid.outcomes)


def test_the_comparison_starts_with_another_option_on_another_visit() -> None:
    first = {
        re.findall(r"<h3>([^<]+)</h3>", Client().get("/approaches/").content.decode())[0]
        for _ in range(60)
    }
    assert first == {option.title for option in decision_aid().options}


def test_the_spread_runs_from_the_lowest_to_the_highest_rate_that_was_read() -> None:
    page = Client().get("/approaches/claims/").content.decode()
    table = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert table is not None
    rows = re.findall(r"<tr>(.*?)</tr>", table[1], re.DOTALL)
    found = [int(re.findall(r"<td[^>]*>(\d+)</td>", row)[0]) for row in rows]
    assert (found[0], found[-1]) == (9, 72)
    assert found == sorted(found)
