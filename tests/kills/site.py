"""One page that writes through the door, for the kill tests. Not shipped."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from longlight.clinic.contact.actions import queue_job
from longlight.clinic.people.access import public
from longlight.clinic.people.models import Clinic, Patient
from longlight.clinic.record.actions import clinic_chain, patient_chain, writing
from longlight.clinic.record.rules import Actor, ActorKind
from longlight.server.urls import urlpatterns as of_the_product

BY = Actor(ActorKind.PUBLIC, None, "kill test", "public", None)


def admit(*, patient_id: UUID, by: Actor) -> bool:
    """Four tables in one write. The id is the client's: the same again writes nothing. True when it was new."""
    with writing(by=by, at=timezone.now()) as pen:
        clinic, _ = Clinic.objects.get_or_create(slug="kills", defaults={"name": "Kills"})
        patient, is_new = Patient.objects.get_or_create(
            id=patient_id, defaults={"clinic": clinic, "number": str(patient_id)[:16], "name": "x"}
        )
        verb = "admitted" if is_new else "admitted-before"
        pen.note(verb, chain=patient_chain(patient.id), object_kind="patient", object_id=patient.id)
        pen.note(verb, chain=clinic_chain(clinic.id), object_kind="patient", object_id=patient.id)
        if is_new:
            queue_job("welcome", key=str(patient.id), at=timezone.now())
    return is_new


@csrf_exempt
@public
def write(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return HttpResponse("new" if admit(patient_id=patient_id, by=BY) else "known")


urlpatterns = [*of_the_product, path("kills/<uuid:patient_id>", write)]
