"""The site's own wording: added with its permission, checked by its hash, shown while it may be, never deleted."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from tests.cast import Cast
from tests.clinic.assessments.made_up_texts import made_up_text

from longlight.cli.texts import command
from longlight.clinic.assessments.actions import (
    add_site_text,
    send_check_in,
    withdraw_site_text,
)
from longlight.clinic.assessments.models import DueAssessment, SiteText
from longlight.clinic.assessments.queries import answerable, filled_by_staff, pack_of
from longlight.clinic.assessments.rules import CannotRecord, text_sha256
from longlight.clinic.people.rules import system_actor
from longlight.clinic.record.models import AuditRow

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
TODAY = NOW.date()
BY = system_actor("the test")


def add(toml: str, sha256: str = "") -> SiteText:
    return add_site_text(toml=toml, sha256=sha256, by=BY, at=NOW)


@pytest.mark.parametrize("name", ["who-5", "audit", "ede-q", "qids-sr16", "wsas"])
def test_with_its_wording_an_instrument_is_asked_and_without_it_is_not(name: str) -> None:
    assert not answerable(name)
    text = add(made_up_text(name))
    assert answerable(name)
    withdraw_site_text(text_id=text.pk, because="the licence ended", by=BY, at=NOW)
    assert not answerable(name)
    verbs = [row.verb for row in AuditRow.objects.order_by("sequence")]
    assert verbs == ["site-text-added", "site-text-withdrawn"]


def test_a_patient_is_asked_in_the_site_s_words_and_the_answer_says_in_which(cast: Cast) -> None:
    text = add(made_up_text("ede-q"))
    due = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="ede-q", due_on=TODAY - timedelta(1),
        closes_on=TODAY + timedelta(3),
    )  # fmt: skip
    client, base = cast.patient.client(), f"/check-ins/{due.pk}/"
    page = client.get(f"{base}questions/13/").text
    assert "Made-up item 13" in page
    assert 'type="number"' in page
    assert "Shown with permission of the owners." in page
    key = {"key": str(uuid4()), "do": "continue"}
    assert client.post(f"{base}questions/13/", {**key, "answer": "1000"}).status_code == 422
    assert client.post(f"{base}questions/13/", {**key, "answer": "12"}).status_code == 302
    kept = due.kept_answers.get()
    assert (kept.value_points, kept.site_text_id) == (12, text.pk)
    withdraw_site_text(text_id=text.pk, because="the licence ended", by=BY, at=NOW)
    assert client.get(base).status_code == 410  # the clinic asks it at a visit


def test_an_answer_that_waited_is_kept_though_its_wording_was_taken_away_meanwhile(
    cast: Cast,
) -> None:
    text = add(made_up_text("who-5"))
    due = DueAssessment.objects.create(
        patient=cast.patient.patient, instrument_id="who-5", due_on=TODAY - timedelta(1),
        closes_on=TODAY + timedelta(3),
    )  # fmt: skip
    withdraw_site_text(text_id=text.pk, because="the licence ended", by=BY, at=NOW)
    url = f"/check-ins/{due.pk}/questions/2/"
    sent = {"key": str(uuid4()), "waited_ms": "60000", "answer": "3"}
    asked = {"headers": {"accept": "application/json"}}
    answer = cast.patient.client().post(url, sent, **asked)
    assert (answer.status_code, answer.json()) == (200, {"kept": 1})
    kept = due.kept_answers.get()
    assert (kept.item_id, kept.value_points, kept.site_text_id) == ("who5_2", 3, text.pk)
    assert "Made-up" not in cast.patient.client().get(url).text  # and is shown to nobody


def test_who_fills_in_what_follows_the_wording_at_once(cast: Cast) -> None:
    assert {"who-5", "madrs", "mood-0-10"} & filled_by_staff() == {"who-5", "madrs"}
    text = add(made_up_text("who-5"))
    assert "who-5" not in filled_by_staff()
    withdraw_site_text(text_id=text.pk, because="the licence ended", by=BY, at=NOW)
    assert "who-5" in filled_by_staff()


def test_a_permission_that_ended_shows_nothing() -> None:
    add(made_up_text("who-5", expires=TODAY.isoformat()))
    assert answerable("who-5")
    SiteText.objects.update(expires_on=TODAY - timedelta(days=1))
    assert not answerable("who-5")


def test_a_later_pack_takes_the_place_of_the_one_before() -> None:
    first = add(made_up_text("who-5"))
    assert add(made_up_text("who-5")).pk == first.pk
    second = add(made_up_text("who-5", reference="letter of 9 April 2026"))
    assert second.pk != first.pk
    assert SiteText.objects.count() == 2


def test_what_was_changed_behind_our_back_is_not_shown() -> None:
    text = add(made_up_text("who-5"))
    SiteText.objects.update(toml=text.toml.replace("Made-up item 1", "Another item 1"))
    text.refresh_from_db()
    assert pack_of(text) is None
    assert not answerable("who-5")
    with pytest.raises(DatabaseError), transaction.atomic():
        text.delete()


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("x = ", "cannot be read as a text pack"),
        ("", "cannot be read as a text pack"),
        ("x = " + "[" * 20_000, "cannot be read as a text pack"),
        ("x = " + "9" * 5000, "cannot be read as a text pack"),
        ('instrument = "who-6"\nversion = "1"', "no instrument"),
        (made_up_text("madrs"), "numbers only"),
        (made_up_text("phq-9"), "comes with its wording"),
        (made_up_text("who-5", granted_by=""), "does not say who allowed it"),
        (made_up_text("who-5", date="March 2026"), "as 2026-03-03"),
        (made_up_text("who-5", date="2999-01-01"), "cannot lie ahead"),
        (made_up_text("who-5", expires="2020-01-01"), "ended on 2020-01-01"),
        (made_up_text("who-5").replace("number = 5", "number = 6"), "does not fit item 5"),
    ],
)
def test_a_pack_that_may_not_or_does_not_fit_is_refused_in_a_sentence(toml, sentence) -> None:
    with pytest.raises(CannotRecord, match=sentence) as refusal:
        add(toml)
    assert str(refusal.value)[-1] in ".?"
    assert not SiteText.objects.exists()


def test_staff_send_it_only_with_its_wording(cast: Cast) -> None:
    def send():
        return send_check_in(
            patient_id=cast.patient.patient.id, instrument_id="who-5", by_mail=False, key=uuid4(),
            closes_on=date(2126, 1, 1), viewer=cast.nurse.viewer, at=NOW,
        )  # fmt: skip

    with pytest.raises(Exception, match="not installed"):
        send()
    add(made_up_text("who-5"))
    assert send().due.instrument_id == "who-5"


def test_the_command_adds_lists_checks_and_withdraws(tmp_path: Path) -> None:
    assert connection.in_atomic_block
    file, run = tmp_path / "who-5.toml", CliRunner().invoke
    file.write_text(made_up_text("who-5"), encoding="utf-8")
    digest = text_sha256(made_up_text("who-5"))
    assert "No wording" in run(command, ["list"]).output
    wrong = run(command, ["add", str(file), "--sha256", "0" * 64])
    assert (wrong.exit_code, SiteText.objects.count()) == (2, 0)
    added = run(command, ["add", str(file), "--sha256", digest])
    assert added.exit_code == 0, added.output
    assert digest in added.output
    listed = run(command, ["list", "--json"]).output
    assert '"state": "shown"' in listed
    assert '"granted_by": "the owners"' in listed
    assert run(command, ["check"]).exit_code == 0
    text_id = str(SiteText.objects.get().pk)
    assert "withdrawn" in run(command, ["withdraw", text_id, "--because", "ended"]).output
    assert run(command, ["withdraw", str(uuid4()), "--because", "ended"]).exit_code == 2
    assert run(command, ["add", str(tmp_path / "absent.toml")]).exit_code == 2
