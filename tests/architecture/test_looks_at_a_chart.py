"""Every page that shows a person's record notes the look, and a restricted record is shut to whoever does not care for them."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests.architecture.samples import PLAIN, SAMPLES
from tests.architecture.test_access_matrix import PLACES, undone
from tests.cast import Cast

from longlight.clinic.people.models import Patient
from longlight.clinic.record.models import AuditRow

# Forms that show a name and nothing that is kept of the person.
SHOW_NO_RECORD = {"screening-choose", "import-upload", "people-emergency"}
# An alert is for whoever is there to answer it.
OPEN_IN_SPITE = {"alert"}


def of_a_person(cast: Cast) -> Iterator[tuple[str, str]]:
    """Name and URL of each page about the cast's patient."""
    samples = {part: make(cast) for part, make in SAMPLES.items() if part != "access_id"}
    for place in PLACES:
        ids = [part for part in place.parts if part not in PLAIN]
        if ids and all(part in samples for part in ids):
            plain = {part: PLAIN[part] for part in place.parts if part in PLAIN}
            own = {part: samples[part].own for part in ids}
            yield place.name, reverse(place.name, kwargs=plain | own)


@pytest.mark.parametrize("who", ["prescriber", "therapist"])
def test_every_look_is_noted(who: str, cast: Cast) -> None:
    client = getattr(cast, who).client()
    client.get("/account/")
    opened, unnoted = 0, []
    for name, url in of_a_person(cast):
        with undone(client):
            answer = client.get(url)
            if answer.status_code == 200 and name not in SHOW_NO_RECORD:
                opened += 1
                if not AuditRow.objects.filter(
                    verb="chart-read", chain_subject=cast.patient.patient.id
                ).exists():
                    unnoted.append(url)
    assert unnoted == []
    assert opened > 20


@pytest.mark.parametrize("who", ["prescriber", "therapist"])
def test_a_restricted_record_is_shut_on_every_page(who: str, cast: Cast) -> None:
    pages = list(of_a_person(cast))
    Patient.objects.filter(pk=cast.patient.patient.pk).update(is_restricted=True)
    client = getattr(cast, who).client()
    client.get("/account/")
    shown = []
    for name, url in pages:
        with undone(client):
            answer = client.get(url)
            if cast.patient.patient.name in answer.text and name not in OPEN_IN_SPITE:
                shown.append(url)
    assert shown == []
