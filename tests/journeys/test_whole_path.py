"""One patient from the first page to an outcome: phone and desk, two roles at a time, with mistakes on the way."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.installation import Installation
from tests.journeys.checks import axe_violations, once_it_stands, sideways_scroll
from tests.journeys.conftest import Visit
from tests.journeys.later import later, rest_of_course

PASSWORD = "nine quiet lanterns by the quay"
ON_THE_WAY = {403, 404, 409, 422}  # answers to mistakes
INVITATION = """
import re
from longlight.clinic.contact.actions import MESSAGE_TEXT
from longlight.clinic.contact.models import Message
from longlight.clinic.people.sealing import unseal
text = unseal(Message.objects.filter(sealed_text__gt="").latest("queued_at").sealed_text, purpose=MESSAGE_TEXT)
print(re.search(r"(/invitation/\\S+)", text)[1])
"""
PATIENT = """
import sys
from longlight.clinic.people.models import Patient
print(Patient.objects.get(number=sys.argv[1]).pk)
"""
DAYS = """
from datetime import timedelta
from zoneinfo import ZoneInfo
from django.utils import timezone
here = timezone.now().astimezone(ZoneInfo("America/New_York")).date()
print(here, here + timedelta(days=1))
"""


@dataclass
class Walk:
    """The people of the journey, each with a window of their own, and the pictures taken on the way."""

    visit: Visit
    installation: Installation
    site: str
    shots: Path | None
    name: str = "Juniper Hale"
    number: str = "LL-0777"
    script: bool = True  # whether the patient's phone runs scripts
    windows: dict[str, Page] = field(default_factory=dict)
    patient_id: str = ""
    taken: int = 0

    @property
    def email(self) -> str:
        return f"{self.number.lower()}@journey.example"

    def page(self, role: str) -> Page:
        if role not in self.windows:
            is_phone = role == "patient"
            page = self.visit(
                "/" if is_phone else "/account/",
                role="" if is_phone else role,
                width=390 if is_phone else 1280,
                script=self.script or not is_phone,
            )
            page.watch.statuses.update(ON_THE_WAY)  # type: ignore[attr-defined]
            self.windows[role] = page
        return self.windows[role]

    def go(self, role: str, path: str) -> Page:
        page = self.page(role)
        page.goto(f"{self.site}{path}")
        return page

    def look(self, page: Page, name: str = "") -> None:
        """Every page on the way is clean; those with a name become pictures of the tour."""
        if not self.script and page is self.windows.get("patient"):
            return  # a page without script cannot be asked by one
        found = once_it_stands(page, lambda: self._found_on(page))
        assert found == [], f"{page.url}: {found}"
        if name and self.shots is not None:
            self.taken += 1
            path = self.shots / f"tour-{self.taken:02}-{name}.png"
            page.screenshot(path=path, animations="disabled")

    def _found_on(self, page: Page) -> list[str]:
        size = page.viewport_size
        assert size is not None
        # A bar at the foot of a phone lies over what passes under it: look at the page at its full height.
        high = int(page.evaluate("document.documentElement.scrollHeight")) + 1
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
        try:
            return axe_violations(page) + sideways_scroll(page)
        finally:
            page.set_viewport_size(size)


def press(page: Page | Locator, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


def follow(page: Page | Locator, label: str) -> None:
    page.get_by_role("link", name=label, exact=True).first.click()


def choose(page: Page | Locator, name: str, value: str) -> None:
    page.locator(f"label:has(input[name='{name}'][value='{value}'])").click()


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def form(page: Page, ending: str) -> Locator:
    return page.locator(f"form[action$='{ending}']")


@pytest.fixture
def walk(visit: Visit, installation: Installation, site: str, pytestconfig: pytest.Config) -> Walk:
    folder = pytestconfig.getoption("--shots")
    if folder is not None:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Walk(visit, installation, site, None if folder is None else Path(folder))


def test_from_the_first_page_to_an_outcome(walk: Walk) -> None:
    steps: list[Callable[[Walk], None]] = [
        learn_and_ask, answer_and_register, accept_the_invitation, screen_in_two_windows, consent,
        plan_the_course, book_the_series, tell_how_it_is, answer_the_alert, give_the_first_dose,
        watch_and_leave, talk_and_write, tell_how_it_is_now, judge_and_decide, see_the_outcome,
    ]  # fmt: skip
    for step in steps:
        step(walk)


def test_the_patients_part_without_script(walk: Walk) -> None:
    walk.script, walk.shots = False, None
    walk.name, walk.number = "Wren Ashdown", "LL-0778"
    for step in (learn_and_ask, answer_and_register, accept_the_invitation, tell_how_it_is):
        step(walk)
    page = walk.go("patient", "/journal/")
    page.locator("[name=text]").fill("Quiet. Rain on the roof.")
    press(page, "Keep this entry")
    says(page, "Only you.")
    press(page, "Share it with my care team")
    says(page, "Your care team can read it")
    walk.go("patient", "/plan/")
    says(page, "No course is planned")
    walk.go("patient", "/progress/")
    says(page, "your score is 17")


def learn_and_ask(walk: Walk) -> None:
    page = walk.page("patient")
    walk.look(page, "first-page")
    page.goto(f"{walk.site}/approaches/")
    walk.look(page, "approaches")
    page.goto(f"{walk.site}/request/harbor-light/")
    press(page, "Check my answers")
    expect(page.get_by_role("alert")).to_be_visible()
    choose(page, "concern", "care")
    page.locator("[name=name]").fill(walk.name)
    choose(page, "contact_method", "email")
    page.locator("[name=contact_value]").fill("no address")
    choose(page, "leave_message", "yes")
    page.wait_for_timeout(3100)  # nobody reads a form in less, and the server knows
    press(page, "Check my answers")
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look(page)
    page.locator("[name=contact_value]").fill(walk.email)
    page.get_by_text("None of these: contact me instead").click()
    press(page, "Check my answers")
    says(page, "Nothing has been sent")
    press(page, "Send my request")
    says(page, "We have your request.")
    walk.look(page, "receipt")


def answer_and_register(walk: Walk) -> None:
    desk = walk.go("front-desk", "/requests/")
    walk.look(desk, "requests")
    desk.get_by_role("row").filter(has_text=walk.name).get_by_role("link", name="Open").click()
    press(desk, "I work on this")
    walk.look(desk)
    follow(desk, "Register as a patient")
    desk.locator("[name=number]").fill("LL-0401")  # somebody else's
    press(desk, "Register")
    says(desk, "There is already a patient with the number LL-0401")
    desk.locator("[name=number]").fill(walk.number)
    desk.locator("[name=birth_date]").fill("1990-06-02")
    press(desk, "Register")
    says(desk, "What comes next")
    walk.look(desk)
    press(desk, "Invite them to pages of their own")
    walk.patient_id = walk.installation.python(PATIENT, walk.number)


def accept_the_invitation(walk: Walk) -> None:
    page = walk.go("patient", walk.installation.python(INVITATION))
    page.get_by_label("Choose a password").fill("too short")
    press(page, "Accept")
    walk.look(page)
    page.get_by_label("Choose a password").fill(PASSWORD)
    press(page, "Accept")
    walk.go("patient", "/today/")
    says(page, "Nothing to do today")
    walk.look(page, "today-empty")


def screen_in_two_windows(walk: Walk) -> None:
    where = f"/patients/{walk.patient_id}/screening/medicine/"
    nurse, prescriber = walk.go("nurse", where), walk.go("prescriber", where)
    findings = form(nurse, "/findings")
    for name in findings.locator("input[value=no]").evaluate_all("(all) => all.map((e) => e.name)"):
        choose(findings, name, "no")
    choose(findings, "aneurysm-or-avm", "yes")  # a slip of the hand
    press(nurse, "Keep the findings")
    says(nurse, "Kept")
    prescriber.reload()
    walk.look(prescriber, "screening")
    decision = form(prescriber, "/decision")
    choose(decision, "outcome", "fit")
    decision.locator("[name=reasons]").fill(
        "Two antidepressants did not help enough; examined today."
    )
    press(decision, "Decide")
    says(prescriber, "A stop holds")
    choose(form(nurse, "/findings"), "aneurysm-or-avm", "no")
    press(nurse, "Keep the findings")
    press(form(prescriber, "/decision"), "Decide")
    says(prescriber, "Fit for this approach")
    walk.look(nurse)


def consent(walk: Walk) -> None:
    nurse = walk.go("nurse", f"/patients/{walk.patient_id}/screening/medicine/")
    nurse.locator("a[href*='/consent/ketamine-off-label/']").click()
    says(nurse, "not FDA-approved")
    nurse.locator("[name=signature]").fill("J. H.")
    nurse.locator("label:has(input[name=agreed])").click()
    press(nurse, "Sign")
    says(nurse, "as it stands in the chart")
    nurse.locator("[name=signature]").fill(walk.name)
    walk.look(nurse, "consent")
    press(nurse, "Sign")
    says(nurse, "signed and kept")


def plan_the_course(walk: Walk) -> None:
    page = walk.go("prescriber", f"/patients/{walk.patient_id}/courses/")
    walk.look(page)
    follow(page, "Plan a course")
    choose(page, "protocol", "iv-twice-weekly")
    press(page, "Plan the course")  # without a day
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[name=start_on]").fill(walk.installation.python(DAYS).split()[1])
    press(page, "Plan the course")
    says(page, "under way")
    walk.look(page, "course")
    phone = walk.go("patient", "/plan/")
    says(phone, "Treatment 1")
    walk.look(phone, "plan")


def book_the_series(walk: Walk) -> None:
    desk = walk.go("front-desk", "/courses/")
    walk.look(desk)
    desk.get_by_role("link", name=re.compile(walk.name)).click()
    desk.locator("[name=clock]").fill("13:00")
    desk.locator("[name=chair]").select_option(label="Chair 4")
    desk.locator("[name=nurse]").select_option(label="Tomas Reyes")
    desk.locator("[name=talker]").select_option(label="Lena Fischer")
    press(desk, "Propose times")
    walk.look(desk, "series")
    desk.locator("input[name^=day_]").last.fill("2020-01-01")  # a slip: long past
    press(desk, "Book these")
    says(desk, "This time has passed")
    desk.get_by_role("checkbox").last.uncheck(force=True)
    press(desk, "Book these")
    says(desk, "visits are booked")
    walk.look(desk)
    walk.page("patient").reload()
    says(walk.page("patient"), ", ")


def send_questions(walk: Walk) -> str:
    """The nurse makes a link and hands it over."""
    nurse = walk.go("nurse", f"/patients/{walk.patient_id}/check-ins/")
    nurse.locator("label:has(input[name=way]:not([value=mail]))").first.click()
    press(nurse, "Send")
    walk.look(nurse)
    return "/l/" + nurse.locator("code").inner_text().rsplit("/", 1)[1]


def answer_questions(page: Page, codes: list[int], first: int = 1) -> None:
    for number, code in enumerate(codes, start=first):
        says(page, f"Question {number} of 10")
        page.locator("label.choice").nth(code).click()
        press(page, "Continue")


def tell_how_it_is(walk: Walk) -> None:
    page = walk.go("patient", send_questions(walk))
    follow(page, "Start")
    press(page, "Continue")  # nothing chosen
    says(page, "Choose an answer, or skip")
    walk.look(page, "question")
    answer_questions(page, [2, 2, 2, 2, 2, 2, 2, 2, 1])
    says(page, "Thank you for telling us")
    walk.look(page, "after-item-nine")
    follow(page, "Continue with the questions")
    answer_questions(page, [2], first=10)
    press(page, "Send")
    says(page, "are sent")


def answer_the_alert(walk: Walk) -> None:
    nurse = walk.go("nurse", "/safety/")
    walk.look(nurse, "safety-inbox")
    nurse.locator("a").filter(has_text=walk.name).first.click()
    press(nurse, "Claim this")
    press(nurse, "Record and close")  # without an outcome
    walk.look(nurse)
    choose(form(nurse, "/contact"), "result", "reached")
    press(nurse, "Log contact")
    closing = form(nurse, "/outcome")
    choose(closing, "outcome", "structured-assessment-done")
    closing.locator("[name=reason]").fill(
        "Talked on the phone; no plan, no means; brother stays over."
    )
    press(nurse, "Record and close")
    walk.look(nurse, "alert-closed")


def signs(page: Page, **values: int) -> None:
    for name, value in values.items():
        page.locator(f"form[action$='/reading'] [name={name}]").fill(str(value))
    press(page, "Save signs")


CALM = {"systolic_mmhg": 122, "diastolic_mmhg": 78, "heart_rate_bpm": 70,
        "oxygen_saturation_percent": 98, "breaths_per_min": 14}  # fmt: skip


def give_the_first_dose(walk: Walk) -> None:
    later(walk.installation, walk.number, days=1)  # the day has come
    desk = walk.go("front-desk", "/board/")
    desk.get_by_role("row").filter(has_text=walk.name).get_by_role("button").first.click()
    nurse = walk.go("nurse", "/board/")
    walk.look(nurse, "board")
    nurse.get_by_role("row").filter(has_text=walk.name).get_by_role("link").last.click()
    signs(nurse, **CALM, weight_kg=70)
    says(nurse, "122/78")  # kept, and not only on its way
    prescriber = walk.page("prescriber")
    prescriber.goto(nurse.url)
    form(prescriber, "/order").locator("[name=amount]").fill("0.5")
    press(prescriber, "Order")
    nurse.reload()
    second = form(nurse, "/second-check")
    second.locator("[name=worked_out_mg]").fill("53")  # worked out wrongly
    press(second, "Confirm as second person")
    expect(nurse.locator("main")).to_contain_text("Not done")
    form(nurse, "/second-check").locator("[name=worked_out_mg]").fill("35")
    press(nurse, "Confirm as second person")
    answer_checks(nurse)
    walk.look(nurse, "dosing-ready")
    press(nurse, "Clear to start")
    press(nurse, "Start the dose")
    signs(nurse, **CALM | {"systolic_mmhg": 138})
    walk.look(nurse, "dosing")


def answer_checks(page: Page) -> None:
    checks = page.locator("form[action*='/checks/']")
    for name in checks.locator("input[value=yes]").evaluate_all("(all) => all.map((e) => e.name)"):
        choose(checks, name, "yes")
    press(page, "Keep the answers")


def watch_and_leave(walk: Walk) -> None:
    nurse = walk.page("nurse")
    later(walk.installation, walk.number, hours=1)
    nurse.reload()
    press(nurse, "All given")
    nurse.get_by_text("Leaving checks", exact=True).click()
    press(nurse, "Ready to leave")  # too soon
    says(nurse, "Not done")
    later(walk.installation, walk.number, hours=3)
    nurse.goto(f"{walk.site}/board/")
    nurse.get_by_role("row").filter(has_text=walk.name).get_by_role("link").last.click()
    signs(nurse, **CALM)
    expect(nurse.locator("main")).to_contain_text("122/78")
    nurse.get_by_text("Leaving checks", exact=True).click()
    answer_checks(nurse)
    form(nurse, "/escort").locator("[name=name]").fill("Alder Hale, brother")
    press(form(nurse, "/escort"), "Keep")
    press(nurse, "Ready to leave")
    walk.look(nurse, "leaving")
    press(nurse, "The person has left")


def talk_and_write(walk: Walk) -> None:
    later(walk.installation, walk.number, days=25)
    rest_of_course(walk.installation, walk.number)
    today, tomorrow = walk.installation.python(DAYS).split()
    talker = walk.go("therapist", f"/patients/{walk.patient_id}/therapy/")
    choose(talker, "kind", "integration")
    talker.locator("[name=text]").fill("What the third session brought up; two small steps agreed.")
    talker.locator("[name=on]").fill(tomorrow)
    press(talker, "Keep the note")
    says(talker, "lies in the future")
    talker.locator("[name=on]").fill(today)
    press(talker, "Keep the note")
    says(talker, "The note is kept")
    walk.look(talker, "therapy-note")
    phone = walk.go("patient", "/journal/")
    phone.locator("[name=text]").fill("The wall was thin. I called my brother.")
    press(phone, "Keep this entry")
    says(phone, "Only you.")
    talker.goto(f"{walk.site}/patients/{walk.patient_id}/journal/")
    says(talker, "Nothing is shared")
    press(phone, "Share it with my care team")
    walk.look(phone, "journal")
    talker.reload()
    says(talker, "I called my brother")


def tell_how_it_is_now(walk: Walk) -> None:
    page = walk.go("patient", send_questions(walk))
    follow(page, "Start")
    answer_questions(page, [1, 0, 1, 1, 0, 0, 1, 0, 0, 0])
    press(page, "Send")
    walk.go("patient", "/progress/")
    says(page, "your last score was 4")
    walk.look(page, "progress")


def judge_and_decide(walk: Walk) -> None:
    page = walk.go("prescriber", f"/patients/{walk.patient_id}/")
    walk.look(page, "chart")
    follow(page, "Days after")
    says(page, "Remission")
    press(page, "Keep the decision")  # without a choice
    expect(page.get_by_role("alert")).to_be_visible()
    choose(page, "choice", "accepted")
    page.locator("[name=reason]").fill("Well now; one booster, then we look again.")
    press(page, "Keep the decision")
    says(page, "Accepted by")
    walk.look(page, "days-after")


def see_the_outcome(walk: Walk) -> None:
    page = walk.go("director", "/outcomes/")
    walk.look(page, "outcomes")
    row = page.get_by_role("row").filter(has_text="Infusions twice a week")
    row.get_by_role("link").last.click()
    says(page, walk.name)
    walk.look(page)
    stranger = walk.go("researcher", "/outcomes/")
    expect(stranger.get_by_role("link", name=re.compile("^[0-9]+$"))).to_have_count(0)
    assert stranger.request.get(f"{walk.site}/patients/{walk.patient_id}/").status == 404
