"""Reminders by real mail: over a socket to an SMTP server, encrypted and signed in, refused, put off; nothing clinical."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.cast import Cast
from tests.clinic.assessments.test_planning import work

from longlight.clinic.assessments.models import DueAssessment
from longlight.clinic.contact.jobs import do_next
from longlight.clinic.contact.models import GivenUp, Job, Message
from longlight.clinic.contact.rules import FIRST_PAUSE

NOON = datetime(2026, 11, 24, 17, tzinfo=UTC)  # in New York
WORD = "p@ss word"  # what an address has to spell otherwise


class Receiver:
    """A mail server that says what a test wants, and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.sessions: list[Session] = []
        self.at_recipient = self.at_data = ""

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.at_data:
            return self.at_data
        self.taken.append(envelope)
        self.sessions.append(session)
        return "250 OK"


Start = Callable[..., Controller]


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def start(receiver: Receiver, settings: Any) -> Iterator[Start]:
    """Start the receiver, and have mail go to it by an address of this form."""
    running = []

    def begin(url: str = "smtp://127.0.0.1:{port}", **options: Any) -> Controller:
        with socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        server = Controller(receiver, hostname="127.0.0.1", port=port, **options)
        server.start()
        running.append(server)
        settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(
            update={"email_url": url.format(port=port)}
        )
        return server

    yield begin
    for server in running:
        server.stop()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine, its key beside it in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    return path


@pytest.fixture
def asked(cast: Cast) -> DueAssessment:
    """A questionnaire that opens now, for a patient whose record says much."""
    patient = cast.patient.patient
    patient.name, patient.phone = "Probe Surname", "+15550100777"
    patient.save()
    return DueAssessment.objects.create(
        patient=patient, instrument_id="phq-9", due_on=NOON.date(), closes_on=NOON.date(),
        opens_at=NOON, closes_at=NOON + timedelta(days=3), act_at=NOON,
    )  # fmt: skip


def send(at: datetime = NOON) -> bool | None:
    return do_next(clock=lambda: at)


@pytest.mark.django_db
def test_a_reminder_arrives_and_says_nothing(start: Start, receiver: Receiver, asked, cast) -> None:
    start()
    work(NOON)
    assert send() is True
    (envelope,) = receiver.taken
    assert envelope.rcpt_tos == [cast.patient.patient.email]
    mail = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
    assert mail["Message-ID"] == f"<{Message.objects.get().pk}@longlight>"
    text = f"{mail['Subject']}\n{mail.get_content()}".lower()  # type: ignore[attr-defined]
    assert "/l/" in text
    said = ["probe", "phq", "ketamine", "depress", "dose", "score", "treatment", "555"]
    assert [word for word in said if word in text] == []
    assert send() is None


@pytest.mark.django_db
def test_it_signs_in_over_starttls_and_trusts_no_stranger(
    start: Start, receiver: Receiver, asked, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:  # fmt: skip
        known = LoginPassword(b"clinic", WORD.encode())
        return AuthResult(success=isinstance(data, LoginPassword) and data == known)

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    secured = {
        "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": knows,
    }  # fmt: skip
    work(NOON)
    start(f"smtp://clinic:{quote(WORD)}@127.0.0.1:{{port}}?starttls=yes", **secured)
    assert send() is False, "a certificate that nobody vouches for"
    assert Job.objects.get(name="send-message").trouble == "SSLCertVerificationError"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert send(NOON + timedelta(minutes=1)) is True
    (session,) = receiver.sessions
    assert session.ssl is not None
    assert session.authenticated
    assert len(receiver.taken) == 1


@pytest.mark.django_db
def test_a_wrong_password_is_tried_again_for_it_is_no_fault_of_the_address(
    start: Start, receiver: Receiver, asked
) -> None:
    def knows_nobody(*_: Any) -> AuthResult:
        return AuthResult(success=False, handled=False)

    work(NOON)
    start(
        "smtp://clinic:wrong@127.0.0.1:{port}", authenticator=knows_nobody, auth_require_tls=False
    )
    assert send() is False
    job = Job.objects.get(name="send-message")
    assert (job.trouble, job.dead_at) == ("SMTPAuthenticationError", None)
    assert not receiver.taken


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "answer", "reason"),
    [
        ("at_recipient", "550 5.1.1 No such user", "address-refused: 550"),
        ("at_data", "554 5.7.1 Not from you", "message-refused: 554"),
    ],
)
def test_what_is_refused_for_good_is_given_up_at_once_with_the_reason(
    start: Start, receiver: Receiver, asked, place: str, answer: str, reason: str
) -> None:
    start()
    setattr(receiver, place, answer)
    work(NOON)
    assert send() is False
    given_up = GivenUp.objects.get()
    assert (given_up.trouble, given_up.tries, given_up.patient_id) == (reason, 1, asked.patient_id)
    assert send(NOON + timedelta(hours=2)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["at_recipient", "at_data"])
def test_what_is_refused_for_now_is_tried_again_and_arrives_once(
    start: Start, receiver: Receiver, asked, place: str
) -> None:
    start()
    setattr(receiver, place, "451 4.7.1 Greylisted, come back later")
    work(NOON)
    assert send() is False
    assert send(NOON + FIRST_PAUSE / 2) is None, "not at once"
    setattr(receiver, place, "")
    assert send(NOON + FIRST_PAUSE) is True
    assert len(receiver.taken) == 1
    assert not GivenUp.objects.exists()
