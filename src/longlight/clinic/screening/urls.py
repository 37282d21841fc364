from django.urls import path

from longlight.clinic.screening.views import allergies, staff

_ONE = "patients/<uuid:patient_id>/screening/<slug:approach_id>/"

urlpatterns = [
    path("patients/<uuid:patient_id>/screening/", staff.choose, name="screening-choose"),
    path("patients/<uuid:patient_id>/allergies/", allergies.allergies, name="allergies"),
    path("patients/<uuid:patient_id>/allergies/say", allergies.say, name="allergies-say"),
    path(_ONE, staff.screening, name="screening"),
    path(f"{_ONE}findings", staff.findings, name="screening-findings"),
    path(f"{_ONE}decision", staff.decision, name="screening-decision"),
    path(
        "patients/<uuid:patient_id>/consent/<slug:wording_id>/<slug:version>/",
        staff.consent,
        name="consent",
    ),
    path(
        "patients/<uuid:patient_id>/consent/<uuid:consent_id>/withdraw",
        staff.withdraw,
        name="consent-withdraw",
    ),
]
