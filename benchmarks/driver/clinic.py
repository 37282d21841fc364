"""A clinic in bulk: its people, their courses, what was measured, every audit row in its chain. Never through a page.

    python -m benchmarks.driver.clinic --patients 20000 --observations 5000000

Runs inside an installation (LONGLIGHT_HOME, DATABASE_URL). An observation is one measured sign or one score, as in
the vocabulary. Everybody and everything is made up (seed 7). Prints what the benchmarks need to know, as JSON.
"""

import argparse
import hmac
import json
import random
import sys
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django

django.setup()

from benchmarks.driver.rows import AT_ONCE, Rows  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from longlight.clinic.assessments.models import Assessment, ReportedDose, Score  # noqa: E402
from longlight.clinic.courses.models import Course, PlannedSession  # noqa: E402
from longlight.clinic.dosing.models import Dose, DoseOrder, DosingSession, Reading  # noqa: E402
from longlight.clinic.people.models import Account, Clinic, Membership, Patient  # noqa: E402
from longlight.clinic.record.models import AuditHead, AuditRow  # noqa: E402
from longlight.clinic.record.rules import GENESIS  # noqa: E402
from longlight.clinic.schedule.models import Appointment, Hold, Resource  # noqa: E402
from longlight.clinic.screening.models import Consent  # noqa: E402
from longlight.science import instruments, protocols  # noqa: E402
from longlight.science.protocols.consents import wording_for  # noqa: E402

SIGNS = (
    ("systolic_mmhg", 105, 160), ("diastolic_mmhg", 60, 98), ("heart_rate_bpm", 55, 105),
    ("oxygen_saturation_percent", 93, 100), ("breaths_per_min", 10, 20),
)  # fmt: skip
READINGS_A_SESSION, SESSIONS, SCORES = 8, 6, 10
A_PATIENT = READINGS_A_SESSION * SESSIONS * len(SIGNS) + SCORES  # 250 observations
VISITS_TODAY, CHAIRS = 60, 15
MODELS = (
    Patient, Course, PlannedSession, DosingSession, Reading, DoseOrder, Dose, Assessment, Score,
    ReportedDose, Consent, Appointment, Hold, AuditRow, AuditHead,
)  # fmt: skip
# Where today's sixty stand when the board is opened.
STATES = (
    ["in-progress"] * 15
    + ["recovery"] * 10
    + ["ready-to-leave"] * 5
    + ["arrived"] * 5
    + ["finished"] * 10
)
FIRST_NAMES = ("Ana", "Bo", "Chidi", "Dora", "Emil", "Farah", "Goran", "Hana", "Ivo", "Jun")


class Bulk:
    """Everything that is added, and the chain that each patient's audit rows stand in."""

    def __init__(self, clinic: Clinic, staff: dict[str, Any], today: date) -> None:
        self.chance = random.Random(7)
        self.clinic, self.staff, self.today = clinic, staff, today
        self.rows = {model: Rows(model) for model in MODELS}
        self.protocol = protocols.get("iv-twice-weekly")
        self.protocol_hash = protocols.content_hash(self.protocol)
        self.consent_hash = wording_for(self.protocol).hash
        self.phq = instruments.get("phq-9")
        self.observations = 0
        self.key = settings.AUDIT_KEY.encode()
        self.chain: tuple[uuid.UUID, int, str] = (uuid.UUID(int=0), 0, GENESIS)

    def new_id(self) -> uuid.UUID:
        return uuid.UUID(int=self.chance.getrandbits(128))

    def noon(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)

    def note(self, verb: str, kind: str, object_id: object, at: datetime, **details: str) -> None:
        subject, sequence, before = self.chain
        nurse = self.staff["nurse"]
        # `record.rules.chained_hash` in one piece, as it is a million times: `longlight audit verify` checks it after.
        text = (
            f'{{"after":"{before}","said":{{"actor_id":"{nurse["id"]}","actor_kind":"staff",'
            f'"actor_name":"{nurse["name"]}","actor_role":"nurse","at":"{at.isoformat(timespec="microseconds")}",'
            f'"chain_kind":"patient","chain_subject":"{subject}","clinic_id":"{self.clinic.pk}",'
            f'"details":{json.dumps(details, separators=(",", ":"))},"object_id":"{object_id}",'
            f'"object_kind":"{kind}","sequence":{sequence + 1},"verb":"{verb}"}}}}'
        )
        row_hash = hmac.digest(self.key, text.encode(), "sha256").hex()
        self.rows[AuditRow].add(
            chain_kind="patient", chain_subject=subject, sequence=sequence + 1, at=at, actor_kind="staff",
            actor_id=nurse["id"], actor_name=nurse["name"], actor_role="nurse", clinic_id=self.clinic.pk,
            verb=verb, object_kind=kind, object_id=str(object_id), details=details, previous_hash=before,
            row_hash=row_hash,
        )  # fmt: skip
        self.chain = (subject, sequence + 1, row_hash)

    def patient(self, number: int) -> uuid.UUID:
        patient_id = self.new_id()
        self.chain = (patient_id, 0, GENESIS)
        self.rows[Patient].add(
            id=patient_id, clinic_id=self.clinic.pk, number=f"LL-{number:04d}",
            name=f"{self.chance.choice(FIRST_NAMES)} Made-Up {number:05d}",
            birth_date=date(1950, 1, 1) + timedelta(days=self.chance.randrange(18_000)),
        )  # fmt: skip
        self.note(
            "patient-registered", "patient", patient_id, self.noon(self.today - timedelta(days=800))
        )
        return patient_id

    def course(self, patient_id: uuid.UUID, start: date, status: str = "active") -> uuid.UUID:
        course_id, prescriber = self.new_id(), self.staff["prescriber"]
        self.rows[Course].add(
            id=course_id, patient_id=patient_id, protocol_id=self.protocol.id,
            protocol_version=self.protocol.version, protocol_hash=self.protocol_hash,
            approach_id=self.protocol.approach, start_on=start, status=status, made_by_id=prescriber["id"],
            made_by_name=prescriber["name"], made_at=self.noon(start),
        )  # fmt: skip
        self.rows[Consent].add(
            id=self.new_id(), patient_id=patient_id, wording_id="ketamine-off-label", wording_version="1",
            wording_hash=self.consent_hash, signature="made up", signed_at=self.noon(start),
            witness_id=self.staff["nurse"]["id"], witness_name=self.staff["nurse"]["name"],
        )  # fmt: skip
        self.note("course-made", "course", course_id, self.noon(start))
        return course_id

    def session(
        self, patient_id: uuid.UUID, course_id: uuid.UUID, on: date, number: int, *,
        state: str = "finished", begun: datetime | None = None, readings: int = READINGS_A_SESSION,
    ) -> uuid.UUID:  # fmt: skip
        """A dosing day as far as its state; empty is a planned one that nobody arrived for yet."""
        planned_id, session_id = self.new_id(), self.new_id()
        status = "done" if state == "finished" else "planned"
        self.rows[PlannedSession].add(
            id=planned_id, course_id=course_id, kind="dosing", phase_id="induction",
            title=f"Treatment {number}", on=on, dose_number=number, status=status,
            event_id=session_id if status == "done" else None,
        )  # fmt: skip
        if not state:
            return planned_id
        begun = begun or self.noon(on)
        self.rows[DosingSession].add(
            id=session_id, clinic_id=self.clinic.pk, patient_id=patient_id, planned_id=planned_id,
            state=state, arrived_at=begun, cleared_at=begun + timedelta(minutes=20),
            ended_at=begun + timedelta(hours=3) if state == "finished" else None,
        )  # fmt: skip
        self.note("session-arrived", "dosing-session", session_id, begun)
        if state != "arrived":
            self.dose(session_id, begun + timedelta(minutes=25), is_over=state != "in-progress")
        for n in range(readings):
            self.reading(session_id, begun + timedelta(minutes=10 + 15 * n))
        if state == "finished":
            self.note("session-finished", "dosing-session", session_id, begun + timedelta(hours=3))
        return session_id

    def dose(self, session_id: uuid.UUID, at: datetime, *, is_over: bool) -> None:
        order_id, dose_id = self.new_id(), self.new_id()
        by, nurse = self.staff["prescriber"], self.staff["nurse"]
        self.rows[DoseOrder].add(
            id=order_id, session_id=session_id, drug="ketamine", route="iv", amount=Decimal("0.5"),
            amount_unit="mg_per_kg", weight_kg=Decimal("80.0"), dose_mg=Decimal("40.0"), ordered_by_id=by["id"],
            ordered_by_name=by["name"], ordered_at=at, checked_by_id=nurse["id"],
            checked_by_name=nurse["name"], checked_at=at,
        )  # fmt: skip
        self.rows[Dose].add(
            id=dose_id, session_id=session_id, order_id=order_id, started_at=at,
            ended_at=at + timedelta(minutes=40) if is_over else None, given_by_id=nurse["id"],
            given_by_name=nurse["name"],
        )  # fmt: skip
        self.note("dose-started", "dosing-session", session_id, at, dose=str(dose_id))

    def reading(self, session_id: uuid.UUID, at: datetime) -> None:
        key, nurse = self.new_id(), self.staff["nurse"]
        chance = self.chance.random
        signs = {name: low + int(chance() * (high - low)) for name, low, high in SIGNS}
        self.rows[Reading].add(
            key=key, session_id=session_id, observed_at=at, entered_at=at, by_id=nurse["id"],
            by_name=nurse["name"], **signs,
        )  # fmt: skip
        self.note("reading-recorded", "dosing-session", session_id, at, reading=str(key))
        self.observations += len(signs)

    def score(self, patient_id: uuid.UUID, on: date, instrument_id: str, total: float) -> None:
        assessment_id, nurse = self.new_id(), self.staff["nurse"]
        instrument = instruments.get(instrument_id)
        self.rows[Assessment].add(
            id=assessment_id, patient_id=patient_id, instrument_id=instrument_id,
            instrument_version=instrument.version, source="paper", on=on, given_total_points=total,
            entered_at=self.noon(on), entered_by_id=nurse["id"], entered_by_name=nurse["name"],
            content_key=assessment_id.hex,
        )  # fmt: skip
        self.rows[Score].add(
            assessment_id=assessment_id, total_points=total, band=instrument.band_of(total) or ""
        )
        self.note(
            "assessment-recorded",
            "assessment",
            assessment_id,
            self.noon(on),
            instrument=instrument_id,
        )
        self.observations += 1

    def end_chain(self) -> None:
        subject, sequence, row_hash = self.chain
        self.rows[AuditHead].add(
            chain_kind="patient", chain_subject=subject, sequence=sequence, row_hash=row_hash
        )

    def write(self) -> None:
        for rows in self.rows.values():
            rows.write()


def add_usual(bulk: Bulk, number: int, *, completed: bool = True) -> tuple[uuid.UUID, uuid.UUID]:
    """One patient with a course of six some time in the last two years, and a score every three days around it."""
    patient_id = bulk.patient(number)
    start = bulk.today - timedelta(days=bulk.chance.randint(60, 700))
    course_id = bulk.course(patient_id, start, "completed" if completed else "active")
    for n in range(SESSIONS):
        bulk.session(patient_id, course_id, start + timedelta(days=3 * n + n // 2), n + 1)
    for n in range(SCORES):
        bulk.score(
            patient_id, start + timedelta(days=3 * n), "phq-9", float(bulk.chance.randint(2, 24))
        )
    return patient_id, course_id


def add_today(
    bulk: Bulk, first: int, resources: dict[str, list[int]], now: datetime
) -> list[uuid.UUID]:
    """Sixty visits of today, each with a chair and a nurse; gives the sessions in which signs are taken now."""
    watched = []
    for place in range(VISITS_TODAY):
        patient_id, course_id = add_usual(bulk, first + place, completed=False)
        state = STATES[place] if place < len(STATES) else ""
        begun = now - timedelta(minutes=50 if state == "in-progress" else 150)
        session_id = bulk.session(
            patient_id, course_id, bulk.today, SESSIONS + 1, state=state, begun=begun,
            readings=0 if state == "arrived" else 3,
        )  # fmt: skip
        if state == "in-progress":
            watched.append(session_id)
        turn, chair = divmod(place, CHAIRS)
        start = bulk.noon(bulk.today) - timedelta(hours=3) + timedelta(hours=2 * turn)
        appointment_id = bulk.new_id()
        bulk.rows[Appointment].add(
            id=appointment_id, clinic_id=bulk.clinic.pk, patient_id=patient_id, kind="dosing",
            status="arrived" if state else "booked", start_at=start, end_at=start + timedelta(hours=2),
            booked_at=start - timedelta(days=7), booked_by_name="made up",
        )  # fmt: skip
        for kind in ("chair", "staff"):
            bulk.rows[Hold].add(
                appointment_id=appointment_id, resource_id=resources[kind][chair], start_at=start,
                end_at=start + timedelta(hours=2),
            )  # fmt: skip
        bulk.end_chain()
    return watched


def add_long(bulk: Bulk, number: int) -> uuid.UUID:
    """Two years: a course of six and twenty boosters, two instruments a week, over a thousand observations."""
    patient_id = bulk.patient(number)
    start = bulk.today - timedelta(days=730)
    course_id = bulk.course(patient_id, start)
    for n in range(26):
        on = start + timedelta(days=3 * n if n < SESSIONS else 28 * (n - 4))
        bulk.session(patient_id, course_id, on, n + 1)
        bulk.rows[ReportedDose].add(
            id=bulk.new_id(), patient_id=patient_id, kind="ketamine", dose_mg=40.0, on=on,
            entered_at=bulk.noon(on), entered_by_name="made up", content_key=bulk.new_id().hex,
        )  # fmt: skip
    for week in range(104):
        for instrument_id, most in (("phq-9", 24), ("gad-7", 18)):
            bulk.score(
                patient_id,
                start + timedelta(days=7 * week),
                instrument_id,
                float(bulk.chance.randint(3, most)),
            )
    bulk.end_chain()
    return patient_id


def people() -> tuple[Clinic, dict[str, Any]]:
    """The clinic, and one session for each who looks: four nurses at four tablets, a front desk, a prescriber."""
    from tests.cast import give_second_factor

    clinic = Clinic.objects.create(
        name="Benchmark Clinic", slug="benchmark", time_zone="UTC", is_synthetic=True
    )
    staff: dict[str, Any] = {}
    for name, role in [
        ("nurse", "nurse"),
        *((f"nurse-{n}", "nurse") for n in (2, 3, 4)),
        ("prescriber", "prescriber"),
    ]:
        account = Account.objects.create(
            email=f"{name}@benchmark.example", name=f"Made-up {name}", created_at=datetime.now(UTC),
            password="!",
        )  # fmt: skip
        Membership.objects.create(account=account, clinic=clinic, role=role)
        give_second_factor(account)
        staff[name] = {"id": account.pk, "name": account.name}
    return clinic, staff


def session_key(account: Any) -> str:
    """The cookie of a browser in which this account is signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def load(patients: int, observations: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    clinic, staff = people()
    bulk = Bulk(clinic, staff, now.date())
    resources = {
        kind: [
            Resource.objects.create(clinic=clinic, kind=kind, name=f"{kind} {n:02d}").pk
            for n in range(CHAIRS)
        ]
        for kind in ("chair", "staff")
    }
    begun = time.perf_counter()
    is_alone = connection.vendor == "sqlite" and not connection.in_atomic_block
    if is_alone:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-800000")
    with transaction.atomic():
        watched = add_today(bulk, 1, resources, now)
        long_id = add_long(bulk, VISITS_TODAY + 1)
        number = VISITS_TODAY + 2
        while number <= patients or bulk.observations < observations:
            add_usual(bulk, number)
            bulk.end_chain()
            number += 1
            if len(bulk.rows[AuditRow].waiting) >= AT_ONCE:
                bulk.write()
                sys.stderr.write(f"\r{bulk.observations:,} observations of {number - 1:,} patients")
        bulk.write()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if is_alone:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sys.stderr.write("\n")
    return {
        "clinic": str(clinic.pk), "patients": bulk.rows[Patient].count, "observations": bulk.observations,
        "audit_rows": bulk.rows[AuditRow].count, "seconds": round(time.perf_counter() - begun, 1),
        "long": str(long_id), "watched": [str(one) for one in watched],
        "sessions": {name: session_key(Account.objects.get(pk=one["id"])) for name, one in staff.items()},
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--observations", type=int, default=0)
    parser.add_argument(
        "--sessions",
        action="store_true",
        help="only sign in anew: a session lasts ten quiet minutes",
    )
    asked = parser.parse_args()
    if asked.sessions:
        staff = Account.objects.filter(email__endswith="@benchmark.example")
        print(json.dumps({one.email.partition("@")[0]: session_key(one) for one in staff}))
        return
    loaded = load(asked.patients, asked.observations)
    (settings.HOME / "loaded.json").write_text(json.dumps(loaded))
    print(json.dumps(loaded))


if __name__ == "__main__":
    main()
