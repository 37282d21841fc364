"""Time passes for one patient: everything kept of them becomes older, so that a course of weeks is walked in a minute."""

from tests.installation import Installation

_LATER = """
import sys
from datetime import date, datetime, timedelta
from django.apps import apps
from django.db import models, transaction
from longlight.clinic.people.models import Patient
from tests.guards import guards_lifted
number, hours = sys.argv[1], int(sys.argv[2])
by = timedelta(hours=hours)
mine = {Patient: "pk"}
while True:
    found = {
        model: f"{field.name}__{mine[field.related_model]}"
        for model in apps.get_app_config("clinic").get_models()
        if model not in mine
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model in mine
    }
    if not found:
        break
    mine |= found
patient = Patient.objects.get(number=number)
with guards_lifted(), transaction.atomic():
    for model, path in mine.items():
        if model is Patient or model.__name__.startswith("Audit"):
            continue
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, models.DateField)]
        for row in model._base_manager.filter(**{path: patient.pk}).values("pk", *names):
            older = {
                name: row[name] - by
                for name in names
                if row[name] and (hours >= 24 or isinstance(row[name], datetime))
            }
            if older:
                model._base_manager.filter(pk=row["pk"]).update(**older)
"""
_REST_OF_COURSE = """
import sys
from datetime import UTC, datetime, time
from decimal import Decimal
from django.utils import timezone
from longlight.clinic.courses.models import PlannedSession
from longlight.clinic.demo.day import run_session
from longlight.clinic.demo.people import HARBOR
from longlight.clinic.demo.staff import staff_of
from longlight.clinic.dosing.rules import SessionState
for planned in PlannedSession.objects.filter(
    course__patient__number=sys.argv[1], kind="dosing", status="planned", on__lt=timezone.localdate()
).order_by("on"):
    at = datetime.combine(planned.on, time(20), UTC)
    run_session(planned, staff_of(HARBOR), Decimal("70"), SessionState.FINISHED, at)
"""


def later(installation: Installation, number: str, *, days: int = 0, hours: int = 0) -> None:
    installation.python(_LATER, number, str(days * 24 + hours))


def rest_of_course(installation: Installation, number: str) -> None:
    """The doses whose day has come meanwhile, given by the demo's staff through the real actions."""
    installation.python(_REST_OF_COURSE, number)
