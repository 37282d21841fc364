"""The checkable list for an honest decision aid (IPDAS), item by item, on the pages as a visitor gets them."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.clinic.assessments.made_up_texts import made_up_text
from tests.decision_aid_walk import Visitor

from longlight.clinic.approaches.actions.keeping import destroy_expired
from longlight.clinic.approaches.forms import carried_in
from longlight.clinic.approaches.models import KeptChoice
from longlight.clinic.approaches.queries.kept import cautions
from longlight.clinic.approaches.queries.sure import SureScore, sure_score
from longlight.clinic.approaches.rules.choosing import ROWS_OF_VALUE, STEPS, VALUE_STEPS
from longlight.clinic.assessments.models import SiteText
from longlight.clinic.assessments.rules import text_sha256
from longlight.science.evidence import decision_aid, plain_text
from longlight.science.evidence.reading_grade import grade

AID = decision_aid()
pytestmark = pytest.mark.django_db  # the aid asks whether this installation has SURE's wording
AT = datetime(2026, 11, 23, tzinfo=UTC)
BANNED = ("best option", "best choice", "best for you", "right choice for you", "we recommend", "you should choose",
          "ideal for you", "perfect match", "cure", "breakthrough", "guaranteed", "proven for you", "journey", "your score")  # fmt: skip


def at_every_step() -> list[tuple[str, str]]:
    visitor = Visitor()
    pages = [("start", visitor.text)]
    for step in STEPS[1:]:
        said = {"cautions": ["bipolar-disorder"], "values__cost": "5"}
        visitor.press(**said)
        pages.append((step.value, visitor.text))
    return pages


def test_q1_q2_q3_the_first_page_tells_the_condition_the_decision_and_every_option() -> None:
    text = Visitor().text
    assert AID.condition in text
    assert AID.decision in text
    assert AID.natural_course in text
    assert all(option.title in text for option in AID.options)


@pytest.mark.parametrize("row", ["good", "bad", "visit", "daily", "intensity"])
def test_q4_q5_q6_good_and_bad_points_and_what_it_is_like_stand_for_every_option(row: str) -> None:
    text = Visitor().to("options").text
    label = next(known.label for known in AID.rows if known.id == row)
    part = text[text.index(label) :]
    places = [part.index(plain_text(o.answer(row))[:25]) for o in AID.options]
    assert len(places) == len(AID.options)


def test_c1_every_option_has_the_same_rows_and_about_as_many_words() -> None:
    words = [sum(len(plain_text(o.answer(r.id)).split()) for r in AID.rows) for o in AID.options]
    assert max(words) <= 1.1 * min(words)
    page = Visitor().to("options").page
    assert page.count('<li class="option">') == len(AID.rows) * len(AID.options)
    assert page.count('<li class="option has-ia">') == len(AID.outcomes) * len(AID.options)


def test_c2_every_footnote_of_the_aid_leads_to_its_source_on_the_same_page() -> None:
    for step in ("options", "sure", "summary"):
        page = Visitor().press().to("values").press(values__effect="5").to(step).page
        used = set(re.findall(r'href="#(s\d+)"', page))
        assert used
        assert used <= set(re.findall(r'id="(s\d+)"', page))


def test_c3_c4_dates_and_the_promise_to_renew_stand_there_and_are_not_over() -> None:
    text = Visitor().text
    assert AID.update_policy in text
    assert str(AID.written.year) in text
    assert AID.evidence_read_until <= date(2026, 11, 23) < AID.review_by


def test_c3_past_its_date_the_page_says_that_the_review_is_late(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = datetime.combine(AID.review_by + timedelta(days=1), datetime.min.time(), UTC)
    monkeypatch.setattr("longlight.clinic.approaches.views.choose.timezone.now", lambda: late)
    assert "The review is late." in Visitor().text


def test_c5_every_number_of_100_has_a_range_or_says_that_it_is_not_known() -> None:
    page = Visitor().to("options").page
    said = re.findall(r'<b class="num ev">\d+ of 100</b>(.{0,90})', page)
    assert said
    assert all("Likely between" in after or "not known" in after for after in said)


def test_c6_who_paid_who_wrote_and_their_interests_stand_there() -> None:
    text = Visitor().text
    for told in (AID.funding, AID.authors, AID.conflicts, AID.reviewed_by):
        assert told
        assert told in text


def test_numbers_side_by_side_have_one_denominator_and_one_period() -> None:
    for outcome in AID.outcomes:
        times = {cell.found[1].time_days for _, cell in outcome.cells if cell.found is not None}
        assert len(times) == 1
    page = Visitor().to("options").page
    assert set(re.findall(r'class="num ev">\d+ of (\d+)<', page)) == {"100"}


def test_to_do_none_of_it_is_a_full_option() -> None:
    assert {"not-now", "other-treatments"} <= {option.id for option in AID.options}
    assert "<h3>Not now</h3>" in Visitor().to("options").page


def test_no_page_recommends_promises_or_counts() -> None:
    for step, text in at_every_step():
        found = [words for words in BANNED if re.search(rf"\b{words}\b", text.lower())]
        assert found == [], step
        assert "%" not in text.replace("mg/kg", ""), step


def test_our_own_sentences_read_at_grade_eight_or_below() -> None:
    for step in ("start", "where", "values", "check", "sure"):
        page = Visitor().to(step).page
        told = re.findall(r"<(?:p|legend)[^>]*>([^<]{60,})</", page[page.index("<main") :])
        assert told
        assert grade(" ".join(told)) <= 8, step


def test_our_four_questions_are_asked_before_and_after_and_shown_side_by_side() -> None:
    visitor = Visitor().to("where")
    visitor.press(**{f"sure_before__{q.id}": "no" for q in AID.questions.confidence})
    visitor.to("sure").press(**{f"sure_after__{q.id}": "yes" for q in AID.questions.confidence})
    assert visitor.step == "summary"
    words = AID.questions.confidence_answers
    told = f"Before: {words.no} . After: {words.yes} ."
    assert visitor.text.replace(" .", ".").count(told.replace(" .", ".")) == 4
    assert "SURE" not in visitor.text


def with_sure() -> None:
    """This installation has added SURE's wording with its permission (here: made-up words)."""
    toml = made_up_text("sure")
    SiteText.objects.create(
        instrument_id="sure", instrument_version="1", language="en", toml=toml,
        sha256=text_sha256(toml), licence_line="By letter.", reference="letter", granted_by="x",
        granted_on=date(2026, 3, 3), confirmed_by="y", added_at=AT, added_by_name="z",
    )  # fmt: skip


def test_with_its_wording_sure_is_asked_unaltered_before_and_after_and_scored_for_the_clinic() -> (
    None
):
    with_sure()
    visitor = Visitor().to("where")
    assert "Shown with permission of the owners." in visitor.text
    assert AID.questions.confidence[0].ask not in visitor.text
    assert [f"Made-up item {n}" in visitor.text for n in (1, 2, 3, 4)] == [True] * 4
    visitor.press(
        **{f"sure_before__sure-{n}": "0" for n in (1, 2, 3)}, **{"sure_before__sure-4": "1"}
    )
    visitor.to("sure").press(**{f"sure_after__sure-{n}": "1" for n in (1, 2, 3, 4)})
    assert visitor.text.count("Before: Answer 0. After: Answer 1.") == 3
    carried = carried_in(visitor.hidden("carried"))
    assert carried is not None
    assert sure_score(carried.answers) == SureScore(before=1, after=4, most=4)
    assert len(carried.answers.sure_text) == 64
    assert not re.search(r"\d of 4", visitor.text)  # the person's own page counts nothing


def test_an_answer_left_out_is_not_scored_and_a_carer_is_asked_our_own() -> None:
    with_sure()
    visitor = Visitor().to("where").press(**{"sure_before__sure-1": "1"})
    carried = carried_in(visitor.hidden("carried"))
    assert carried is not None
    assert sure_score(carried.answers) is None
    carer = Visitor().to("where").press(situation="carer").to("sure")
    assert AID.questions.confidence[0].ask_carer in carer.text


def test_our_own_four_are_never_scored_as_sure() -> None:
    visitor = Visitor().to("where")
    visitor.press(**{f"sure_before__{q.id}": "yes" for q in AID.questions.confidence})
    carried = carried_in(visitor.hidden("carried"))
    assert carried is not None
    assert len(carried.answers.sure_before) == 4
    assert sure_score(carried.answers) is None
    assert carried.answers.sure_text == ""


def test_the_order_turns_from_visitor_to_visitor_and_stays_for_one() -> None:
    orders = set()
    for _ in range(50):
        page = Visitor().to("options").page
        titles = re.findall(r"<h3>([^<]+)</h3>", page)
        count = len(AID.options)
        lists = [titles[i : i + count] for i in range(0, len(titles), count)]
        assert len({tuple(one) for one in lists}) == 1
        orders.add(lists[0][0])
    assert orders == {option.title for option in AID.options}


@pytest.mark.django_db
def test_the_order_and_the_version_are_kept_with_a_saved_summary() -> None:
    visitor = Visitor().to("summary")
    shown = re.findall(r'"turn": (\d)', visitor.hidden("carried"))
    visitor.press("keep", leaning="to wait until spring")
    row = KeptChoice.objects.get()
    assert (row.aid_version, row.evidence_read_until) == (AID.version, AID.evidence_read_until)
    back = Client().get(visitor.answer["Location"]).content.decode()
    assert re.findall(r"&quot;turn&quot;: (\d)", back) == shown
    assert "to wait until spring" in back


def test_what_is_safe_is_never_shown_as_a_wish() -> None:
    visitor = Visitor().to("safety").press(cautions=list(cautions())).to("summary")
    text = visitor.text
    assert "Talk to a doctor first about" in text
    matters = text[text.index("What matters, and") : text.index("In your own words")]
    assert not [plain for plain in cautions().values() if plain in matters]
    options = Visitor().to("safety").press(cautions=list(cautions())).to("options").text
    assert "not for you" not in options.lower()


def test_five_steps_and_i_do_not_know_for_each_of_eight_values_and_none_is_chosen() -> None:
    page = Visitor().to("values").page
    assert len(AID.questions.values) == len(ROWS_OF_VALUE) == 8
    assert page.count('type="radio"') == 8 * len(VALUE_STEPS)
    assert " checked" not in page


def test_knowledge_is_explained_gently_and_not_counted() -> None:
    said = {f"knowledge__{c.id}": "true" for c in AID.questions.knowledge}
    text = Visitor().to("check").press(**said).text
    for check in AID.questions.knowledge:
        assert check.statement in text
        assert plain_text(check.feedback)[:18] in text
    explained = text[: text.index("How is it now?")].lower()
    assert not re.search(r"wrong|incorrect|failed|\d of 5|out of 5", explained)


def test_a_carer_is_spoken_to_as_a_carer() -> None:
    visitor = Visitor().to("where").press(situation="carer").to("values")
    assert all(question.ask_carer in visitor.text for question in AID.questions.values)
    assert "What matters to them?" in visitor.text


def test_a_person_who_thinks_of_ending_their_life_sees_first_whom_to_call() -> None:
    visitor = Visitor().to("safety").press(cautions=["active-suicidal-intent"])
    for step in ("values", "options", "summary"):
        page = visitor.to(step).page
        assert "tel:988" in page[page.index("<main") : page.index("</main>")]


def test_unanswered_values_say_so_and_answered_ones_come_in_the_persons_own_order() -> None:
    visitor = Visitor().to("values").press(values__cost="2", **{"values__altered-states": "1"})
    text = visitor.to("summary").text
    assert text.index("Strong altered states:") < text.index("Cost:")
    assert "You did not say: How much it helps" in text


def test_back_keeps_what_was_said_and_a_page_answers_only_for_itself() -> None:
    visitor = Visitor().to("values").press(values__cost="4").press("back")
    assert visitor.step == "values"
    assert visitor.checked() == {("values.cost", "4")}
    assert visitor.press().press().press("back").to("values").checked() == {("values.cost", "4")}


def test_walking_keeps_nothing_and_sets_no_cookie() -> None:
    visitor = Visitor()
    with CaptureQueriesContext(connection) as asked:
        for _ in pairwise(STEPS):
            visitor.press()
    assert visitor.step == "summary"
    assert visitor.client.cookies == {}
    assert all(one["sql"].startswith("SELECT") for one in asked)


def test_the_aid_goes_on_with_our_own_questions_when_the_database_is_away() -> None:
    def away(*_args: object) -> None:
        raise OperationalError("no database")

    with connection.execute_wrapper(away):
        visitor = Visitor()
        for _ in pairwise(STEPS):
            visitor.press()
            assert visitor.answer.status_code == 200
    assert visitor.step == "summary"


def test_a_form_that_we_did_not_give_out_is_refused_in_a_sentence() -> None:
    for form in ({}, {"carried": "{}:x", "step": "values"}, {"carried": "x", "step": "nowhere"}):
        answer = Client().post("/choose/", form)
        assert answer.status_code == 400
        assert "please start again" in answer.content.decode()


@pytest.mark.django_db
def test_what_is_kept_is_sealed_comes_back_and_is_destroyed() -> None:
    visitor = Visitor().to("values").press("keep", values__cost="5")
    address = visitor.answer["Location"]
    token = address.rstrip("/").split("/")[-1]
    row = KeptChoice.objects.get()
    assert token not in (row.token_hash, row.sealed_body)
    assert "cost" not in row.sealed_body
    assert len(token) == 43
    visitor.answer = visitor.client.get(address)
    assert visitor.step == "values"
    assert visitor.checked() == {("values.cost", "5")}
    # Kept again from the same link: one copy, renewed.
    visitor.press("keep", values__cost="1")
    assert KeptChoice.objects.count() == 1
    assert Client().post(f"{address}forget/").status_code == 200
    assert KeptChoice.objects.count() == 0
    assert Client().get(address).status_code == 404


@pytest.mark.django_db
def test_what_is_kept_is_over_by_its_date() -> None:
    visitor = Visitor().press("keep")
    row = KeptChoice.objects.get()
    KeptChoice.objects.update(expires_at=row.kept_at)
    assert Client().get(visitor.answer["Location"]).status_code == 404
    assert destroy_expired(at=row.kept_at) == 1
    assert KeptChoice.objects.count() == 0


@pytest.mark.django_db
def test_too_many_in_an_hour_are_refused_and_nothing_typed_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("longlight.clinic.approaches.actions.keeping.MOST_IN_AN_HOUR", 0)
    visitor = Visitor().to("summary").press("keep", worries="my mother drove me mad")
    assert visitor.answer.status_code == 429
    assert "my mother drove me mad" in visitor.page
    assert KeptChoice.objects.count() == 0


@pytest.mark.django_db
def test_every_keeping_and_destroying_is_noted_without_a_word_of_what_was_said() -> None:
    from longlight.clinic.record.models import AuditRow

    visitor = Visitor().to("summary").press("keep", leaning="towards a therapist")
    visitor.client.post(f"{visitor.answer['Location']}forget/")
    rows = list(AuditRow.objects.filter(object_kind="kept-choice").order_by("sequence"))
    assert [row.verb for row in rows] == ["choice-kept", "choice-destroyed"]
    assert all("therapist" not in str(row.said()) for row in rows)
