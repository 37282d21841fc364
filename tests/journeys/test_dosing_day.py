"""A day in the chair on a tablet, from arriving to leaving, with mistakes on the way and a prescriber who watches."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.installation import Installation
from tests.journeys.cast import Cast
from tests.journeys.checks import axe_violations, sideways_scroll
from tests.journeys.conftest import Visit
from tests.journeys.later import later
from tests.journeys.test_whole_path import answer_checks, form, press

NUMBER = "LL-0409"
ON_THE_WAY = {404, 409, 422}  # answers to mistakes
# A second nurse, already at work; and the visit falls on today by the clinic's clock, whenever the demo was built.
MORNING = """
import sys
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.people.models import Account, Membership, Patient
now = datetime.now(UTC)
patient = Patient.objects.get(number=sys.argv[1])
today = now.astimezone(ZoneInfo(patient.clinic.time_zone)).date()
planned = PlannedSession.objects.filter(course__patient=patient, kind="dosing", status="planned")
first = planned.order_by("on").first()
planned.filter(on=today).update(on=today + timedelta(days=1))  # the demo's own for today, on some days
PlannedSession.objects.filter(pk=first.pk).update(on=today)
account, _ = Account.objects.get_or_create(
    email="second-nurse@journey.example", defaults={"name": "Ola Brandt", "created_at": now, "password": "!"}
)
Membership.objects.get_or_create(account=account, clinic=patient.clinic, role="nurse")
session = SessionStore()
session[SESSION_KEY] = str(account.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = account.get_session_auth_hash()
session["people.demo_entry"] = True
session.create()
print(session.session_key)
"""
KEPT = """
import sys
from longlight.clinic.dosing.models import Reading
here = Reading.objects.filter(session__patient__number=sys.argv[1], session__state="in-progress")
print(here.filter(systolic_mmhg=int(sys.argv[2])).count())
"""
COUNT_TONES = """
window.tones = [];
const made = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  const tone = made.call(this);
  const start = tone.start;
  tone.start = (at) => { window.tones.push(tone.frequency.value); start.call(tone, at); };
  return tone;
};
null; // the browser's driver would call what a script ends with
"""
CALM = {"systolic_mmhg": "124", "diastolic_mmhg": "79", "heart_rate_bpm": "71",
        "oxygen_saturation_percent": "98", "breaths_per_min": "14"}  # fmt: skip


def is_clean(page: Page) -> None:
    assert axe_violations(page) + sideways_scroll(page) == [], page.url


def type_in(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"[data-entry] [name={name}]").fill(value)


def says(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def row_of(page: Page) -> Locator:
    return page.get_by_role("row").filter(has_text=NUMBER)


@pytest.fixture
def nurse(visit: Visit, installation: Installation) -> Page:
    page = visit("/board/", role="nurse", width=820)
    page.watch.statuses.update(ON_THE_WAY)  # type: ignore[attr-defined]
    return page


def test_from_arriving_to_leaving(nurse: Page, visit: Visit, installation: Installation) -> None:
    second_key = installation.python(MORNING, NUMBER).strip()
    nurse.reload()
    row_of(nurse).get_by_role("button", name=re.compile("^Mark arrived")).click()
    weigh_wrongly_and_mend(nurse)
    prescriber = visit(re.sub(r"^https?://[^/]+", "", nurse.url), role="prescriber")
    prescriber.watch.statuses.update(ON_THE_WAY)  # type: ignore[attr-defined]
    order_and_check(nurse, prescriber, visit, second_key)
    answer_checks(nurse)
    is_clean(nurse)
    press(nurse, "Clear to start")
    press(nurse, "Start the dose")
    prescriber.reload()
    watch_two_at_a_time(nurse, prescriber, installation)
    lose_the_network(nurse, prescriber, installation)
    use_two_tabs(nurse, installation)
    leave_and_sign(nurse, prescriber, installation)


def weigh_wrongly_and_mend(nurse: Page) -> None:
    type_in(nurse, weight_kg="96")
    press(nurse, "Save signs")
    says(nurse, "96.0 kg")
    nurse.locator("main").get_by_role("link", name=re.compile("^Correct")).first.click()
    nurse.locator("[name=weight_kg]").fill("69")
    press(nurse, "Correct")  # without saying why
    expect(nurse.locator("main")).to_contain_text("Why it is corrected")
    is_clean(nurse)
    nurse.locator("[name=reason]").fill("Digits the wrong way round.")
    press(nurse, "Correct")
    says(nurse, "69.0 kg")
    expect(nurse.locator("s").filter(has_text="96.0 kg")).to_be_visible()
    type_in(nurse, **CALM | {"systolic_mmhg": "1240"})
    press(nurse, "Save signs")
    says(
        nurse, "Systolic"
    )  # out of its box's range: refused with a sentence, and kept to be mended
    nurse.get_by_role("button", name="Mend it").click()
    expect(nurse.locator("[data-entry] [name=heart_rate_bpm]")).to_have_value("71")
    type_in(nurse, systolic_mmhg="124")
    press(nurse, "Save signs")
    says(nurse, "124/79")
    expect(nurse.get_by_role("button", name="Mend it")).to_have_count(0)


def order_and_check(nurse: Page, prescriber: Page, visit: Visit, second_key: str) -> None:
    prescriber.reload()
    order = form(prescriber, "/order")
    order.locator("[name=amount]").fill("0.5")
    press(prescriber, "Order")
    expect(form(prescriber, "/second-check")).to_have_count(0)  # not by who ordered it
    prescriber.get_by_text("Someone else checks the dose").click()
    is_clean(prescriber)
    second = visit("/crisis/", width=390)
    second.watch.statuses.update(ON_THE_WAY)  # type: ignore[attr-defined]
    site = re.match(r"https?://[^/]+", nurse.url)
    assert site is not None
    second.context.add_cookies([{"name": "sessionid", "value": second_key, "url": site[0]}])
    second.goto(f"{site[0]}/board/")
    row_of(second).get_by_role("link", name=re.compile("^Check the dose")).click()
    second.locator("[name=worked_out_mg]").fill("43.5")
    press(second, "Confirm as second person")
    says(second, "check both")
    is_clean(second)
    second.locator("[name=worked_out_mg]").fill("34.5")
    press(second, "Confirm as second person")
    says(second, "Checked by Ola Brandt: 34.5 mg")
    nurse.reload()
    says(nurse, "checked by Ola Brandt")


def watch_two_at_a_time(nurse: Page, prescriber: Page, installation: Installation) -> None:
    is_clean(nurse)
    type_in(nurse, **CALM | {"oxygen_saturation_percent": "9"})
    press(nurse, "Save signs")
    says(nurse, "Oxygen saturation 9: is that right?")
    nurse.get_by_role("button", name="Type it again").click()
    expect(nurse.locator("[data-entry] [name=systolic_mmhg]")).to_have_value("124")
    type_in(nurse, systolic_mmhg="138", oxygen_saturation_percent="97")
    press(nurse, "Save signs")
    expect(prescriber.locator("[data-live=log]")).to_contain_text("138/79")  # without a reload
    nurse.get_by_role("button", name="Nausea").click()
    nurse.locator("[data-undo-line]").get_by_role("button", name="Undo").click()
    struck = prescriber.locator("[data-live=log] s").filter(has_text="Nausea")
    expect(struck).to_be_visible()
    assert installation.python(KEPT, NUMBER, "138").strip() == "1"
    is_clean(prescriber)
    hear_what_is_due(nurse)


def hear_what_is_due(nurse: Page) -> None:
    """A tap turns sound on with a tone; what calls for somebody sounds, and a tap mutes it."""
    nurse.evaluate(COUNT_TONES)
    sound = nurse.locator("[data-sound]")
    expect(sound).to_have_attribute("aria-pressed", "false")
    assert nurse.evaluate("tones") == []
    sound.click()
    expect(sound).to_have_text("Sound is on: mute")
    assert nurse.evaluate("tones") == [523]
    # As the server would draw it; the next answer draws what is true again.
    nurse.evaluate(
        """document.querySelector("[data-live=alarm]").innerHTML =
          '<div class="alarm is-high"><span class="pri is-high">High</span></div>'"""
    )
    expect(sound).to_have_attribute("data-last", "high")
    assert nurse.evaluate("tones") == [523, 880, 880, 880]
    sound.click()
    expect(sound).to_have_text("Turn on sound here")


def lose_the_network(nurse: Page, prescriber: Page, installation: Installation) -> None:
    nurse.watch.goes_offline = True  # type: ignore[attr-defined]
    state = nurse.locator("[data-state]")
    nurse.context.set_offline(True)
    type_in(nurse, **CALM | {"systolic_mmhg": "141"})
    press(nurse, "Save signs")
    expect(state).to_contain_text("not saved yet (1)")
    press(nurse, "Pause")
    expect(state).to_contain_text("not saved yet (2)")
    type_in(nurse, **CALM | {"systolic_mmhg": "14l"})  # a letter for a digit
    press(nurse, "Save signs")
    expect(state).to_contain_text("not saved yet (3)")
    press(prescriber, "Pause")  # a colleague was quicker
    expect(prescriber.locator("[data-live=log]")).to_contain_text("Infusion paused")
    nurse.context.set_offline(False)
    refused = nurse.locator("[data-refused]")
    expect(refused).to_contain_text("It is paused already.")
    expect(refused).to_contain_text("Systolic: type a number.")
    expect(prescriber.locator("[data-live=log]")).to_contain_text("141/79")
    is_clean(nurse)
    nurse.reload()  # what was refused outlives the page
    refused.locator(".notice").filter(has_text="paused already").get_by_role(
        "button", name="Throw it away"
    ).click()
    nurse.get_by_role("button", name="Mend it").click()
    expect(nurse.locator("[data-entry] [name=diastolic_mmhg]")).to_have_value("79")
    type_in(nurse, systolic_mmhg="143")
    press(nurse, "Save signs")
    expect(prescriber.locator("[data-live=log]")).to_contain_text("143/79")
    expect(state).to_contain_text("All saved")
    for systolic in ("141", "143"):
        assert installation.python(KEPT, NUMBER, systolic).strip() == "1"
    press(nurse, "Resume")
    expect(prescriber.locator("[data-live=log]")).to_contain_text("Infusion resumed")


def use_two_tabs(nurse: Page, installation: Installation) -> None:
    type_in(nurse, systolic_mmhg="150")  # begun here, not saved
    other = nurse.context.new_page()
    other.goto(nurse.url)
    type_in(other, **CALM | {"systolic_mmhg": "146"})
    press(other, "Save signs")
    expect(nurse.locator("[data-live=log]")).to_contain_text("146/79")
    expect(nurse.locator("[data-entry] [name=systolic_mmhg]")).to_have_value("150")
    type_in(nurse, diastolic_mmhg="84")
    press(nurse, "Save signs")
    expect(other.locator("[data-live=log]")).to_contain_text("150/84")
    assert installation.python(KEPT, NUMBER, "146").strip() == "1"
    other.close()


def leave_and_sign(nurse: Page, prescriber: Page, installation: Installation) -> None:
    later(installation, NUMBER, hours=1)
    nurse.reload()
    press(nurse, "All given")
    later(installation, NUMBER, hours=3)
    nurse.reload()
    type_in(nurse, **CALM)
    press(nurse, "Save signs")
    expect(nurse.locator("[data-live=values]")).to_contain_text("124/79")
    nurse.get_by_text("Leaving checks", exact=True).click()
    answer_checks(nurse)
    press(nurse, "Ready to leave")  # nobody to take the person home
    says(nurse, "Not done")
    form(nurse, "/escort").locator("[name=name]").fill("Ilse Haddad, sister")
    press(form(nurse, "/escort"), "Keep")
    press(nurse, "Ready to leave")
    press(nurse, "The person has left")
    nurse.get_by_role("link", name="Session record, to print").click()
    press(nurse, "Sign this record")
    says(nurse, "What stands above is what was signed.")
    form(nurse, "/addendum").locator("[name=text]").fill("Phoned in the evening: slept, no nausea.")
    press(nurse, "Add under the record")
    says(nurse, "Phoned in the evening")
    is_clean(nurse)
    prescriber.goto(nurse.url)
    press(prescriber, "Sign as well")
    says(prescriber, "Dr. Amara Osei")


def test_a_wrong_clock_is_said_and_a_locked_screen_keeps_the_clocks(
    nurse: Page, cast: Cast, site: str
) -> None:
    where = f"{site}/dosing/{cast.places()['dosing']}/"
    nurse.clock.install(time=datetime.now(UTC) + timedelta(seconds=95))
    nurse.goto(where)
    expect(nurse.locator("[data-clock-line]")).to_contain_text(re.compile(r"clock is 9\d s off"))
    is_clean(nurse)
    type_in(nurse, systolic_mmhg="133", diastolic_mmhg="81")
    nurse.clock.fast_forward("10:30")  # nobody touched it
    expect(nurse.get_by_role("heading", name="Screen locked")).to_be_visible()
    timers = nurse.locator("[data-timers]")
    expect(timers).to_contain_text("since start")
    expect(timers).to_contain_text(re.compile("signs (in|late by)"))
    assert "LL-04" not in nurse.locator("body").inner_text()
    is_clean(nurse)
    press(nurse, "Unlock")
    expect(nurse.locator("[data-entry] [name=systolic_mmhg]")).to_have_value("133")
    expect(nurse.locator("[data-entry] [name=diastolic_mmhg]")).to_have_value("81")
