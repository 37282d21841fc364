"""What stands for the parts of a URL in the access matrix: something of clinic A, and the same of clinic B.

A step that adds a URL with an id of its own adds a line here: what the part is called, and how to make or find one
for a person's clinic. A part that is not here is tried with an id that nobody has.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from tests.cast import MADE_AT, Cast, Person

from longlight.clinic.approaches.models import SharedChoice
from longlight.clinic.assessments.models import AddedRule, DueAssessment
from longlight.clinic.contact.models import GivenUp, Job, Message
from longlight.clinic.courses.models import Course, PlannedSession
from longlight.clinic.dosing.models import DosingSession
from longlight.clinic.people.models import EmergencyAccess, Invitation, Patient
from longlight.clinic.safety.actions import keep_plan
from longlight.clinic.safety.models import Alert, DutyHours
from longlight.clinic.safety.rules import PlanStep
from longlight.clinic.therapy.actions.journal import write_entry
from longlight.clinic.therapy.actions.notes import write_note
from longlight.clinic.therapy.actions.topics import ask_to_talk
from longlight.clinic.therapy.models import PsychotherapyNote
from longlight.clinic.therapy.rules import About, NoteKind, WrittenNote

UNKNOWN = {"uuid": uuid.UUID(int=7), "int": 987654321, "slug": "unknown", "str": "unknown"}


@dataclass(frozen=True)
class Sample:
    own: object
    other: object


def _patients(cast: Cast) -> Sample:
    return Sample(cast.patient.patient.id, cast.patient_of_b.patient.id)


def _accounts(cast: Cast) -> Sample:
    return Sample(cast.nurse.account.id, cast.nurse_of_b.account.id)


def _invitations(cast: Cast) -> Sample:
    def made(clinic: object, mark: str) -> uuid.UUID:
        return Invitation.objects.create(
            clinic=clinic, email=f"{mark}@cast.example", name="New", role="nurse", reason="growth",
            token_hash=mark * 64, invited_by_name="cast", invited_at=MADE_AT,
            expires_at=MADE_AT + timedelta(days=36500),
        ).id  # fmt: skip

    return Sample(made(cast.clinic_a, "a"), made(cast.clinic_b, "b"))


def _emergencies(cast: Cast) -> Sample:
    def made(patient: object, account: object) -> uuid.UUID:
        return EmergencyAccess.objects.create(
            patient=patient, account=account, role="nurse", reason="found unresponsive at home",
            began_at=MADE_AT, ends_at=MADE_AT + timedelta(days=36500),
        ).id  # fmt: skip

    return Sample(
        made(cast.patient.patient, cast.nurse.account),
        made(cast.patient_of_b.patient, cast.nurse_of_b.account),
    )


def _courses(cast: Cast) -> Sample:
    def made(patient: object, account: object) -> Course:
        return Course.objects.get_or_create(
            patient=patient,
            defaults={
                "protocol_id": "iv-twice-weekly", "protocol_version": "1", "protocol_hash": "0" * 64,
                "approach_id": "medicine", "start_on": MADE_AT.date(), "made_at": MADE_AT,
                "made_by_id": account, "made_by_name": "cast",
            },
        )[0]  # fmt: skip

    return Sample(
        made(cast.patient.patient, cast.prescriber.account.id).pk,
        made(cast.patient_of_b.patient, cast.nurse_of_b.account.id).pk,
    )


def _planned(cast: Cast) -> Sample:
    courses = _courses(cast)

    def made(course_id: object) -> uuid.UUID:
        return PlannedSession.objects.get_or_create(
            course_id=course_id, kind="dosing", phase_id="induction", title="Treatment 1",
            on=MADE_AT.date(),
        )[0].pk  # fmt: skip

    return Sample(made(courses.own), made(courses.other))


def _sessions(cast: Cast) -> Sample:
    """Of the one name `session_id`: a dosing day, whose pages are the more telling; a plan's has its own tests."""
    planned = _planned(cast)

    def made(planned_id: object, patient: Patient) -> uuid.UUID:
        return DosingSession.objects.get_or_create(
            planned_id=planned_id,
            defaults={"clinic_id": patient.clinic_id, "patient": patient, "state": "arrived"},
        )[0].pk

    return Sample(
        made(planned.own, cast.patient.patient), made(planned.other, cast.patient_of_b.patient)
    )


def _alerts(cast: Cast) -> Sample:
    def made(patient: Patient) -> uuid.UUID:
        return Alert.objects.get_or_create(
            rule_id="phq-9:self-harm-thoughts",
            source_id=uuid.UUID(int=patient.id.int ^ 1),
            defaults={
                "clinic_id": patient.clinic_id, "patient": patient, "instrument_id": "phq-9",
                "item_number": 9, "priority": "high", "raised_at": MADE_AT,
            },
        )[0].pk  # fmt: skip

    return Sample(made(cast.patient.patient), made(cast.patient_of_b.patient))


def _journal_entries(cast: Cast) -> Sample:
    def made(person: Person) -> uuid.UUID:
        return write_entry(
            entry_id=uuid.uuid4(), prompt="?", text="words", viewer=person.viewer, at=MADE_AT
        ).pk

    return Sample(made(cast.patient), made(cast.patient_of_b))


def _therapy_notes(cast: Cast) -> Sample:
    def made(patient: Person, writer: Person) -> uuid.UUID:
        note_id = uuid.uuid4()
        written = WrittenNote(note_id, NoteKind.INTEGRATION, MADE_AT.date(), "words")
        write_note(patient_id=patient.patient.id, written=written, viewer=writer.viewer, at=MADE_AT)
        return note_id

    return Sample(made(cast.patient, cast.nurse), made(cast.patient_of_b, cast.nurse_of_b))


def _psychotherapy_notes(cast: Cast) -> Sample:
    def made(patient: Person, author: uuid.UUID) -> uuid.UUID:
        note_id = uuid.uuid4()
        PsychotherapyNote.objects.create(
            id=note_id, patient=patient.patient, on=MADE_AT.date(), author_id=author,
            author_name="cast", written_at=MADE_AT, destroyed_at=MADE_AT, destroyed_reason="asked",
        )  # fmt: skip
        return note_id

    return Sample(
        made(cast.patient, cast.therapist.account.id), made(cast.patient_of_b, uuid.uuid4())
    )


def _topics(cast: Cast) -> Sample:
    def made(person: Person) -> uuid.UUID:
        return ask_to_talk(
            topic_id=uuid.uuid4(), about=About.PROGRESS, text="", viewer=person.viewer, at=MADE_AT
        ).pk

    return Sample(made(cast.patient), made(cast.patient_of_b))


def _check_ins(cast: Cast) -> Sample:
    def made(patient: object) -> uuid.UUID:
        return DueAssessment.objects.create(
            patient=patient, instrument_id="phq-9", due_on=MADE_AT.date(), closes_on=date(2126, 3, 2)
        ).id  # fmt: skip

    return Sample(made(cast.patient.patient), made(cast.patient_of_b.patient))


def _choices(cast: Cast) -> Sample:
    def made(patient: Patient) -> uuid.UUID:
        return SharedChoice.objects.create(
            patient=patient, occasion="first", chosen="open", aid_version="1",
            evidence_read_until=MADE_AT.date(), recorded_at=MADE_AT,
            recorded_by_id=uuid.UUID(int=1), recorded_by_name="cast",
        ).id  # fmt: skip

    return Sample(made(cast.patient.patient), made(cast.patient_of_b.patient))


def _added_rules(cast: Cast) -> Sample:
    def made(patient: Patient) -> uuid.UUID:
        return AddedRule.objects.create(
            id=uuid.uuid4(), clinic_id=patient.clinic_id, patient=patient, instrument_id="phq-9",
            schedule_id="before-each-dose", schedule_version="1", added_at=MADE_AT,
            added_by_name="cast",
        ).pk  # fmt: skip

    return Sample(made(cast.patient.patient), made(cast.patient_of_b.patient))


def _safety_plans(cast: Cast) -> Sample:
    def made(person: Person) -> uuid.UUID:
        return keep_plan(
            patient_id=person.patient.id, plan_id=uuid.uuid4(), based_on=0,
            steps={PlanStep.ALONE: "a walk"}, opens_by_link=False, viewer=person.viewer, at=MADE_AT,
        ).pk  # fmt: skip

    return Sample(made(cast.patient), made(cast.patient_of_b))


def _given_up(cast: Cast) -> Sample:
    def made(patient: Patient) -> uuid.UUID:
        message = Message.objects.create(
            clinic_id=patient.clinic_id, patient_id=patient.pk, kind="questions-waiting",
            channel="email", to="a@b.example", queued_at=MADE_AT,
        )  # fmt: skip
        job = Job.objects.create(
            name="send-message", key=str(message.pk), clinic_id=patient.clinic_id,
            queued_at=MADE_AT, due_at=MADE_AT, dead_at=MADE_AT, tries=10,
        )  # fmt: skip
        return GivenUp.objects.create(
            job=job, message=message, clinic_id=patient.clinic_id, patient=patient,
            given_up_at=MADE_AT, tries=10, trouble="address-refused: 550",
        ).pk  # fmt: skip

    return Sample(made(cast.patient.patient), made(cast.patient_of_b.patient))


def _duties(cast: Cast) -> Sample:
    def made(clinic: object, account: object) -> uuid.UUID:
        return DutyHours.objects.create(
            clinic=clinic, account=account, weekday=0, begins_at=time(8), ends_at=time(12),
            added_at=MADE_AT,
        ).pk  # fmt: skip

    return Sample(
        made(cast.clinic_a, cast.nurse.account), made(cast.clinic_b, cast.nurse_of_b.account)
    )


SAMPLES: dict[str, Callable[[Cast], Sample]] = {
    "patient_id": _patients,
    "account_id": _accounts,
    "invitation_id": _invitations,
    "access_id": _emergencies,
    "due_id": _check_ins,
    "added_id": _added_rules,
    "course_id": _courses,
    "planned_id": _planned,
    "session_id": _sessions,
    "alert_id": _alerts,
    "entry_id": _journal_entries,
    "note_id": _therapy_notes,
    "choice_id": _choices,
    "plan_id": _safety_plans,
    "private_id": _psychotherapy_notes,
    "topic_id": _topics,
    "duty_id": _duties,
    "given_up_id": _given_up,
}
# Parts that are not ids: any clinic's are alike.
PLAIN: dict[str, object] = {
    "number": 1, "change": "enable", "approach_id": "medicine", "protocol_id": "iv-twice-weekly",
    "wording_id": "ketamine-off-label", "version": "1", "gate_id": "dosing-day",
    "group": "started", "instrument_id": "phq-9",
}  # fmt: skip
# URLs whose object is also bound to one person: to others it is as foreign as another clinic's.
_WRITERS = {"patient", "patient_of_b"}
_OWN_CHECK_IN = (
    "",
    "-question",
    "-all",
    "-help",
    "-check",
    "-send",
    "-stopped",
    "-thanks",
    "-later",
    "-onward",
)
ONLY_FOR = {
    "people-end-emergency": {"nurse", "nurse_of_b"},
    "journal-entry": _WRITERS,
    "journal-share": _WRITERS,
    "journal-take-back": _WRITERS,
    "journal-destroy": _WRITERS,
    "safety-plan-version": _WRITERS,
    "psychotherapy-destroy": {"therapist"},
    "topic-take-back": _WRITERS,
    **{f"check-in{page}": {"patient", "patient_of_b"} for page in _OWN_CHECK_IN},
}
# Pages of one's own that not everybody has: recovery codes, an authenticator app to remove.
NOT_FOR_ALL = {
    "mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_deactivate_totp",
    "people-change-account",
}  # fmt: skip
