"""A check-in on a phone in a real browser: without script, with the network cut, in two tabs, on two devices."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.installation import Installation
from tests.journeys.checks import (
    axe_violations,
    help_is_missing,
    invisible_focus,
    sideways_scroll,
    small_targets,
)
from tests.journeys.conftest import Visit

MADE = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from longlight.clinic.assessments.actions import send_check_in
from longlight.clinic.people.models import Clinic, Membership, Patient
from longlight.clinic.people.queries import standing_chosen, standings_of
clinic = Clinic.objects.order_by("-name").first()
nurse = Membership.objects.filter(clinic=clinic, role="nurse").first().account
patient = Patient.objects.create(clinic=clinic, number="LL-" + uuid4().hex[:6], name="Ines Kade")
sent = send_check_in(patient_id=patient.pk, instrument_id="phq-9", closes_on=timezone.localdate() + timedelta(days=3),
    by_mail=False, key=uuid4(), viewer=standing_chosen(standings_of(nurse), "").viewer, at=timezone.now())
print(sent.due.pk, "/l/" + sent.address.rsplit("/", 1)[1])
"""
KEPT = """
import json
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.safety.models import Alert
due = DueAssessment.objects.get(pk="{due}")
rows = [[a.item_id.split("_")[-1], a.code] for a in due.kept_answers.all()]
alerts = [[e.kind, e.answer] for a in Alert.objects.filter(source_id=due.pk)
    for e in a.events.exclude(kind="told")]
total = due.assessment.score.total_points if due.assessment else None
print(json.dumps({{"rows": rows, "alerts": alerts, "total": total, "status": due.status}}))
"""


class CheckIn:
    """One check-in and its link; `kept()` is what the server holds."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.due, self.path = installation.python(MADE).split()

    def kept(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(
            self.installation.python(KEPT.format(due=self.due)).strip().splitlines()[-1]
        )
        return found


@pytest.fixture
def check_in(installation: Installation, site: str) -> CheckIn:
    return CheckIn(installation)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """A phone of its own: what one keeps another does not have."""
    made: list[BrowserContext] = []

    def new(**options: Any) -> BrowserContext:
        made.append(
            browser.new_context(
                base_url=site, viewport={"width": 390, "height": 844}, is_mobile=True,
                has_touch=True, reduced_motion="reduce", **options,
            )
        )  # fmt: skip
        return made[-1]

    yield new
    for context in made:
        context.close()


def choose(page: Page, code: int) -> None:
    page.locator("label.choice").nth(code).click()


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def look_well(page: Page) -> None:
    for check in (axe_violations, sideways_scroll, small_targets, help_is_missing, invisible_focus):
        assert check(page) == [], page.url


def pages(rows: object) -> list[str]:
    assert isinstance(rows, list)
    return [code for _item, code in rows]


@pytest.mark.parametrize("script", [False, True])
def test_from_the_link_to_thanks(visit: Visit, check_in: CheckIn, script: bool) -> None:
    page = visit(check_in.path, width=390, script=script)
    expect(page.locator("main")).to_contain_text("This is not a way to get urgent help")
    look = look_well if script else lambda page: None
    look(page)
    page.get_by_role("link", name="Start", exact=True).click()
    for number in range(1, 10):
        expect(page.locator("main")).to_contain_text(f"Question {number} of 10")
        expect(page.locator("legend")).to_contain_text("Over the last 2 weeks")
        expect(page.locator("input[type=radio]:checked")).to_have_count(0)
        if number == 1:
            look(page)
            page.watch.statuses.add(422)  # type: ignore[attr-defined]
            press(page, "Continue")
            expect(page.get_by_role("alert")).to_contain_text("Choose an answer, or skip")
            look(page)
        if number == 4:
            press(page, "Skip this question")
            continue
        choose(page, 1)
        if script:
            expect(page.locator("[data-state]")).to_have_text("kept")
        press(page, "Continue")
    expect(page.locator("h1")).to_have_text("Thank you for telling us")
    look(page)
    page.get_by_role("link", name="Continue with the questions").click()
    expect(page.locator("main")).to_contain_text("how difficult have these problems made it")
    press(page, "Skip this question")
    expect(page.locator("main")).to_contain_text("not answered")
    look(page)
    press(page, "Send")
    expect(page.locator("h1")).to_contain_text("are sent")
    look(page)
    kept = check_in.kept()
    assert pages(kept["rows"]) == ["1", "1", "1", "", "1", "1", "1", "1", "1", ""]
    assert kept["alerts"] == [["raised", "Several days"]]
    assert (kept["total"], kept["status"]) == (9, "done")


def begin(page: Page, check_in: CheckIn) -> None:
    page.goto(check_in.path)
    page.get_by_role("link", name="Start", exact=True).click()
    page.wait_for_load_state("networkidle")  # what comes next is fetched ahead


def test_the_network_is_cut_at_every_question_and_comes_back_before_the_next(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    context = phone()
    page = context.new_page()
    begin(page, check_in)
    for number in range(1, 10):
        expect(page.locator("main")).to_contain_text(f"Question {number} of 10")
        context.set_offline(True)
        choose(page, 0)
        choose(page, 2)
        expect(page.locator("[data-state]")).to_contain_text("not sent yet (2)")
        press(page, "Continue")
        after = f"Question {number + 1} of 10" if number < 9 else "telling us"
        expect(page.locator("main")).to_contain_text(after)
        context.set_offline(False)  # what waits goes out
        expect(page.locator("[data-state]")).to_have_text("kept", timeout=15000)
    kept = check_in.kept()
    assert kept["rows"] == [[str(item), code] for item in range(1, 10) for code in ("0", "2")]
    assert kept["alerts"] == [["raised", "More than half the days"]]  # and nothing was sent


def test_all_of_it_without_a_network_with_help_at_item_nine_and_then_sent(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    context = phone()
    page = context.new_page()
    begin(page, check_in)
    context.set_offline(True)
    for number in range(1, 10):
        expect(page.locator("main")).to_contain_text(f"Question {number} of 10")
        if number == 4:
            press(page, "Continue")
            expect(page.get_by_role("alert")).to_contain_text("Choose an answer, or skip")
            press(page, "Skip this question")
            continue
        choose(page, 1)
        press(page, "Continue")
    expect(page.locator("h1:visible")).to_have_text("Thank you for telling us")
    expect(page.get_by_role("link", name="Call 988").last).to_be_visible()
    expect(page.get_by_text("nobody at the clinic can see it yet")).to_be_visible()
    expect(page.get_by_text("the clinic has been told")).to_be_hidden()
    page.get_by_role("link", name="Continue with the questions").click()
    page.get_by_role("link", name="Back", exact=True).click()
    expect(page.locator("main")).to_contain_text("Question 9 of 10")
    assert page.locator("input:checked").get_attribute("value") == "1"
    press(page, "Continue")  # it is not repeated
    expect(page.locator("main")).to_contain_text("Question 10 of 10")
    press(page, "Skip this question")
    expect(page.locator("h1:visible")).to_have_text("Your answers are on this phone")
    assert check_in.kept()["rows"] == []
    context.set_offline(False)
    expect(page.locator("h1:visible")).to_have_text("Check your answers", timeout=15000)
    press(page, "Send")
    expect(page.locator("h1")).to_contain_text("are sent")
    kept = check_in.kept()
    assert pages(kept["rows"]) == ["1", "1", "1", "", "1", "1", "1", "1", "1", ""]
    assert kept["alerts"] == [["raised", "Several days"]]
    assert (kept["total"], kept["status"]) == (9, "done")


def test_what_waited_on_one_phone_does_not_undo_what_was_chosen_later_on_another(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    first, second = phone(), phone()
    one, two = first.new_page(), second.new_page()
    begin(one, check_in)
    begin(two, check_in)
    first.set_offline(True)
    choose(one, 3)
    expect(one.locator("[data-state]")).to_contain_text("not sent yet (1)")
    choose(two, 1)
    expect(two.locator("[data-state]")).to_have_text("kept")
    first.set_offline(False)
    expect(one.locator("[data-state]")).to_have_text("kept", timeout=15000)
    assert check_in.kept()["rows"] == [["1", "1"], ["1", "3"]]
    two.goto(f"/q/{check_in.due}/check/")
    expect(two.locator("ol.links a").first).to_contain_text("Several days")


def test_what_waits_is_encrypted_outlives_the_page_and_goes_out_once(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    context = phone(service_workers="block")  # what passes a service worker cannot be cut here
    page = context.new_page()
    page.goto(check_in.path)
    page.get_by_role("link", name="Start", exact=True).click()
    # The server keeps the answer, but its receipt is lost on the way.
    context.route("**/questions/1/", lambda route: (route.fetch(), route.abort())
                  if route.request.method == "POST" else route.continue_())  # fmt: skip
    choose(page, 3)
    expect(page.locator("[data-state]")).to_contain_text("not sent yet (1)")
    stored = page.evaluate(
        """async () => {
          const opened = await new Promise((resolve) => {
            const asked = indexedDB.open("longlight-outbox"); asked.onsuccess = () => resolve(asked.result);
          });
          const all = (name) => new Promise((resolve) => {
            const asked = opened.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => resolve(asked.result);
          });
          const [row] = await all("waiting"); const [key] = await all("keys");
          return {extractable: key.extractable, names: Object.keys(row).sort(),
                  text: new TextDecoder().decode(row.sealed)};
        }"""
    )
    assert stored["extractable"] is False
    assert stored["names"] == ["base", "iv", "sealed"]
    assert "answer" not in stored["text"]
    page.close()
    context.unroute("**/questions/1/")
    again = context.new_page()
    again.goto(f"/q/{check_in.due}/questions/2/")
    expect(again.locator("[data-state]")).to_have_text("kept")
    assert check_in.kept()["rows"] == [["1", "3"]]


def test_two_tabs_and_another_device_end_with_the_latest_choices(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    first = phone()
    one, two = first.new_page(), first.new_page()
    for page in (one, two):
        page.goto(check_in.path)
        page.get_by_role("link", name="Start", exact=True).click()
        expect(page.locator("main")).to_contain_text("Question 1 of 10")
    choose(one, 1)
    expect(one.locator("[data-state]")).to_have_text("kept")
    choose(two, 3)
    expect(two.locator("[data-state]")).to_have_text("kept")
    press(one, "Continue")  # a tab that only goes on undoes nothing
    expect(one.locator("main")).to_contain_text("Question 2 of 10")
    other = phone().new_page()
    other.goto(check_in.path)
    other.get_by_role("link", name="Go on where I was").click()
    expect(other.locator("main")).to_contain_text("Question 2 of 10")
    choose(other, 2)
    expect(other.locator("[data-state]")).to_have_text("kept")
    other.get_by_role("link", name="Show all on one page").click()
    look_well(other)
    choose(other, 8)  # the third question's first answer
    expect(other.locator("[data-state]")).to_have_text("kept")
    press(other, "Check my answers")
    press(other, "Send")
    expect(other.locator("h1")).to_contain_text("are sent")
    one.reload()
    expect(one.locator("h1")).to_contain_text("are sent")
    assert check_in.kept()["rows"] == [["1", "1"], ["1", "3"], ["2", "2"], ["3", "0"]]


def test_staff_send_one_from_the_chart(visit: Visit) -> None:
    page = visit("/patients/{patient}/".replace("{patient}", _patient(visit)), role="nurse")
    page.get_by_role("link", name="Send a questionnaire").click()
    assert axe_violations(page) == []
    page.get_by_text("I hand it over").click()
    press(page, "Send")
    link = page.get_by_role("region", name="The link").inner_text()
    assert "/l/" in link
    assert axe_violations(page) == []
    assert sideways_scroll(page) == []


def _patient(visit: Visit) -> str:
    listed = visit("/patients/", role="nurse")
    address = listed.locator(
        "main a[href^='/patients/'][href$='/']:not([href='/patients/new/'], [href='/patients/'])"
    ).first.get_attribute("href")
    assert address is not None
    return address.strip("/").split("/")[1]


LINK_TO_MORE = """
from datetime import timedelta
from uuid import uuid4
from django.utils import timezone
from longlight.clinic.assessments.actions import send_check_in
from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.people.models import Membership
from longlight.clinic.people.queries import standing_chosen, standings_of
patient = DueAssessment.objects.get(pk=sys.argv[1]).patient
nurse = Membership.objects.filter(clinic=patient.clinic, role="nurse").first().account
sent = send_check_in(patient_id=patient.pk, instrument_id="gad-7", closes_on=timezone.localdate() + timedelta(days=3),
    by_mail=False, key=uuid4(), viewer=standing_chosen(standings_of(nurse), "").viewer, at=timezone.now())
print("/l/" + sent.address.rsplit("/", 1)[1])
"""
HOW_MANY = """async () => {
  const opened = await new Promise((resolve) => {
    const asked = indexedDB.open("longlight-outbox"); asked.onsuccess = () => resolve(asked.result);
  });
  const asked = opened.transaction("waiting").objectStore("waiting").count();
  return new Promise((resolve) => { asked.onsuccess = () => resolve(asked.result); });
}"""


def test_an_answer_chosen_before_the_script_has_come_is_kept_as_it_comes(
    phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    context = phone(service_workers="block")
    page = context.new_page()
    page.goto(check_in.path)
    held: list[Route] = []
    context.route("**/answers*.js", lambda route: held.append(route))
    page.get_by_role("link", name="Start", exact=True).click()
    choose(page, 2)
    assert check_in.kept()["rows"] == []
    held.pop().continue_()
    expect(page.locator("[data-state]")).to_contain_text("kept")
    assert check_in.kept()["rows"] == [["1", "2"]]


def test_what_waits_goes_out_from_any_page_for_its_own_patient_alone(
    installation: Installation, phone: Callable[..., BrowserContext], check_in: CheckIn
) -> None:
    context = phone(service_workers="block")
    page = context.new_page()
    page.goto(check_in.path)
    page.get_by_role("link", name="Start", exact=True).click()
    context.route("**/questions/**", lambda route: route.abort()
                  if route.request.method == "POST" else route.continue_())  # fmt: skip
    choose(page, 2)
    expect(page.locator("[data-state]")).to_contain_text("not sent yet (1)")
    page.close()
    # Another patient's link on the same phone: nothing of the first one's goes out, and nothing is lost.
    context.unroute("**/questions/**")
    page = context.new_page()
    page.goto(CheckIn(installation).path)
    page.goto("/clinics/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(HOW_MANY) == 1
    assert check_in.kept()["rows"] == []
    # The patient's own next link, and then a page that is no questionnaire's at all.
    page.goto(installation.python(LINK_TO_MORE, check_in.due))
    page.goto(check_in.path)
    page.goto(installation.python(LINK_TO_MORE, check_in.due))
    page.goto("/clinics/")
    page.wait_for_function(f"async () => await ({HOW_MANY})() === 0")
    assert check_in.kept()["rows"] == [["1", "2"]]
    page.goto("/clinics/")
    page.wait_for_load_state("networkidle")
    assert check_in.kept()["rows"] == [["1", "2"]], "once"
