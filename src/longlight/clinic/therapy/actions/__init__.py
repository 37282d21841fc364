"""What changes: `notes` of therapy, `psychotherapy` notes kept apart, and the patient's `journal`."""

from datetime import datetime

from longlight.clinic.people.actions.resealing import reseal_column
from longlight.clinic.record.rules import Actor
from longlight.clinic.therapy.models import JournalBody, JournalDraft, PsychotherapyBody
from longlight.clinic.therapy.queries import JOURNAL, PSYCHOTHERAPY


def reseal_texts(*, by: Actor, at: datetime) -> int:
    """Seal every journal and psychotherapy text with the newest key. How many there were."""
    return sum(
        reseal_column(model, "sealed_text", purpose=purpose, by=by, at=at)
        for model, purpose in (
            (JournalBody, JOURNAL),
            (JournalDraft, JOURNAL),
            (PsychotherapyBody, PSYCHOTHERAPY),
        )
    )
