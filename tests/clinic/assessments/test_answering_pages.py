"""The pages of a check-in, by link and signed in, as a browser without script uses them."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.cast import Cast

from longlight.clinic.assessments.actions import send_check_in, withdraw_check_in
from longlight.clinic.assessments.models import Assessment, DueAssessment, KeptAnswer
from longlight.clinic.assessments.queries import newest_answers
from longlight.clinic.record.models import AuditRow
from longlight.clinic.safety.models import Alert, AlertEvent

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')
SHOWN = re.compile(r'name="shown" value="(\d+)"')


@pytest.fixture
def address(cast: Cast) -> str:
    now = timezone.now()
    sent = send_check_in(
        patient_id=cast.patient.patient.id, instrument_id="phq-9",
        closes_on=now.date() + timedelta(days=3), by_mail=False, key=uuid4(),
        viewer=cast.nurse.viewer, at=now,
    )  # fmt: skip
    assert sent.address is not None
    return "/l/" + sent.address.rsplit("/", 1)[1]


def enter(address: str) -> tuple[Client, str]:
    client = Client()
    opened = client.get(address)
    assert opened.status_code == 302, opened.status_code
    return client, opened["Location"]


def answer(client: Client, url: str, code: str | None, do: str = "continue", then: str = ""):
    page = client.get(url)
    fields = {"key": KEY.findall(page.text)[0], "do": do, "then": then}
    shown = SHOWN.findall(page.text)
    if code is not None:
        fields["answer"] = code
    if shown:
        fields["shown"] = shown[0]
    return client.post(url, fields)


def codes() -> list[str]:
    return [a.code for a in newest_answers(DueAssessment.objects.get()).values()]


def test_every_question_is_asked_and_the_answers_are_sent_once(address: str) -> None:
    client, base = enter(address)
    intro = client.get(base)
    assert "10 questions" in intro.text
    assert "not a way to get urgent help" in intro.text
    for number in range(1, 11):
        page = client.get(f"{base}questions/{number}/")
        assert f"Question {number} of 10" in page.text
        assert ("Over the last 2 weeks" in page.text) is (number < 10)
        assert " checked>" not in page.text
        led = answer(client, f"{base}questions/{number}/", "0")
        after = "check/" if number == 10 else f"questions/{number + 1}/"
        assert led["Location"] == f"{base}{after}"
    assert client.post(f"{base}send/")["Location"] == f"{base}thanks/"
    assert client.post(f"{base}send/")["Location"] == f"{base}thanks/"  # a second press
    assert "are sent" in client.get(f"{base}thanks/").text
    assert Assessment.objects.get().score.total_points == 0
    assert client.get(base)["Location"] == f"{base}thanks/"
    late = client.post(f"{base}questions/1/", {"key": str(uuid4()), "answer": "3"})
    assert late["Location"] == f"{base}thanks/"
    assert Client().get(address).status_code == 410


def test_nothing_chosen_is_asked_again_and_can_be_skipped(address: str) -> None:
    client, base = enter(address)
    again = answer(client, f"{base}questions/1/", None)
    assert again.status_code == 422
    assert "Choose an answer, or skip" in again.text
    assert answer(client, f"{base}questions/1/", None, "skip")["Location"].endswith("/2/")
    assert "not answered" in client.get(f"{base}check/").text
    assert codes() == [""]


def test_a_positive_item_nine_meets_help_once_and_alerts_though_nothing_is_sent(
    address: str,
) -> None:
    client, base = enter(address)
    url = f"{base}questions/9/"
    assert answer(client, url, "1")["Location"] == f"{base}help/9/"
    page = client.get(f"{base}help/9/")
    assert "telling us" in page.text
    assert "tel:988" in page.text
    assert "+1 555 0101" in page.text
    assert f'href="{base}questions/10/"' in page.text
    assert answer(client, url, "2")["Location"] == f"{base}questions/10/"
    assert Alert.objects.get().status == "new"
    assert AlertEvent.objects.count() == 2
    assert not Assessment.objects.exists()


def test_stopping_keeps_the_choice_and_another_device_goes_on(address: str) -> None:
    client, base = enter(address)
    stopped = answer(client, f"{base}questions/1/", "2", "stop")
    assert stopped["Location"] == f"{base}stopped/"
    assert "1 answer is kept" in client.get(f"{base}stopped/").text
    other, _ = enter(address)
    assert f"{base}questions/2/" in other.get(base).text
    assert re.search(r'value="2"[^>]*checked', other.get(f"{base}questions/1/").text)


def test_a_stale_tab_that_only_goes_on_does_not_undo_a_later_choice(address: str) -> None:
    client, base = enter(address)
    url = f"{base}questions/1/"
    answer(client, url, "1")
    stale = client.get(url)
    answer(client, url, "3")
    fields = {"key": KEY.findall(stale.text)[0], "shown": "1", "answer": "1", "do": "continue"}
    assert client.post(url, fields).status_code == 302
    assert codes() == ["3"]


def test_all_on_one_page_keeps_what_was_chosen(address: str) -> None:
    client, base = enter(address)
    page = client.get(f"{base}all/")
    fields = {"key": KEY.findall(page.text)[0]}
    names = re.findall(r'name="([^"]+-answer)"', page.text)
    assert len(set(names)) == 10
    fields |= dict.fromkeys(sorted(set(names))[:4], "1")
    assert client.post(f"{base}all/", fields)["Location"] == f"{base}check/"
    assert codes() == ["1"] * 4
    assert client.post(f"{base}all/", fields).status_code == 302
    assert KeptAnswer.objects.count() == 4


def test_a_script_is_answered_in_a_sentence_or_a_receipt(address: str) -> None:
    client, base = enter(address)
    url, key = f"{base}questions/1/", str(uuid4())

    def post(**fields: str):
        return client.post(url, fields, headers={"Accept": "application/json"})

    for _ in range(2):
        assert post(key=key, answer="1").json() == {"kept": 1}
    assert post(key=str(uuid4()), answer="7").status_code == 409
    assert post(answer="1").status_code == 422
    client.post(f"{base}send/")
    assert post(key=key, answer="1").json() == {"kept": 1}
    late = post(key=str(uuid4()), answer="2")
    assert (late.status_code, late.json()["late"]) == (202, True)
    assert "after your answers had been sent" in late.json()["sentence"]


def test_what_is_closed_says_so_and_whom_to_call(cast: Cast, address: str) -> None:
    client = cast.patient.client()
    due = DueAssessment.objects.get()
    withdraw_check_in(due_id=due.id, viewer=cast.nurse.viewer, at=timezone.now())
    page = client.get(reverse("check-in", args=[due.id]))
    assert page.status_code == 410
    assert "taken these questions back" in page.text
    assert "+1 555 0101" in page.text
    assert Client().get(address).status_code == 410


def test_a_signed_in_patient_starts_from_today_and_sends(cast: Cast, address: str) -> None:
    client = cast.patient.client()
    due = DueAssessment.objects.get()
    base = reverse("check-in", args=[due.id])
    assert f'href="{base}"' in client.get("/today/").text
    answer(client, f"{base}questions/1/", "1")
    assert client.post(f"{base}send/")["Location"] == f"{base}thanks/"
    row = AuditRow.objects.get(verb="check-in-sent")
    assert (row.actor_kind, row.actor_id) == ("patient", cast.patient.account.id)


def test_a_link_opens_no_other_check_in(cast: Cast, address: str) -> None:
    client, base = enter(address)
    other = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="gad-7", due_on=timezone.now().date(),
        closes_on=timezone.now().date() + timedelta(days=1),
    )  # fmt: skip
    assert client.get(f"/q/{other.id}/").status_code == 404
    assert client.get(f"/q/{UUID(int=3)}/").status_code == 404
    assert Client().get(base).status_code == 404


def test_staff_send_hand_over_and_take_back(cast: Cast) -> None:
    client = cast.nurse.client()
    url = reverse("check-ins", args=[cast.patient.patient.id])
    assert "Send a questionnaire" in client.get(
        reverse("chart", args=[cast.patient.patient.id])
    ).text  # fmt: skip
    day = timezone.localdate() + timedelta(days=2)
    fields = {"key": str(uuid4()), "instrument": "gad-7", "closes_on": str(day), "way": "hand"}
    shown = client.post(url, fields)
    token = re.search(r"/l/([\w-]+)<", shown.text)
    assert token is not None
    assert Client().get(f"/l/{token[1]}").status_code == 302
    assert token[1] not in client.get(url).text
    assert client.post(url, {**fields, "closes_on": "2020-01-01"}).status_code == 422
    due = DueAssessment.objects.get()
    assert client.post(reverse("check-in-withdraw", args=[due.id])).status_code == 302
    assert Client().get(f"/l/{token[1]}").status_code == 410
    mailed = client.post(url, {**fields, "key": str(uuid4()), "way": "mail"})
    assert mailed.status_code == 302


def test_an_answer_about_the_body_asks_to_call_the_clinic_first(cast: Cast) -> None:
    due = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="longlight-side-effects",
        due_on=timezone.now().date() - timedelta(days=1),
        closes_on=timezone.now().date() + timedelta(days=3),
    )  # fmt: skip
    client, base = cast.patient.client(), f"/check-ins/{due.id}/"
    led = answer(client, f"{base}questions/10/", "3")
    assert led["Location"] == f"{base}help/10/"
    page = client.get(led["Location"]).text
    assert page.index("+1 555 0101") < page.index("tel:988")
    assert "chest pain" in page
    assert Alert.objects.get().item_number == 10


@pytest.mark.parametrize(("answered", "told"), [(9, "9"), (5, "There is no score")])
def test_a_score_is_shown_only_to_who_is_signed_in_and_wants_it(
    cast: Cast, answered: int, told: str
) -> None:
    due = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="phq-9",
        due_on=timezone.now().date() - timedelta(days=1),
        closes_on=timezone.now().date() + timedelta(days=3),
    )  # fmt: skip
    client, base = cast.patient.client(), f"/check-ins/{due.id}/"
    for number in range(1, answered + 1):
        answer(client, f"{base}questions/{number}/", "1")
    assert client.post(f"{base}send/")["Location"] == f"{base}thanks/"
    page = client.get(f"{base}thanks/").text
    assert "PHQ-9 score" not in page
    shown = client.get(f"{base}thanks/?score=show").text
    assert "Your PHQ-9 score" in shown
    assert f'<b class="big">{told}</b>' in shown or told in shown
    assert ("0 to 27" in shown) is (answered == 9)
