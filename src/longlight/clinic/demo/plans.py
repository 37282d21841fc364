"""A safety plan for those of the demo who can sign in: written by them, then gone through with their therapist."""

from datetime import date, datetime

from longlight.clinic.demo.people import CLINICS, DemoClinic, DemoPatient, demo_id, not_before
from longlight.clinic.demo.staff import staff_of
from longlight.clinic.people.rules import Role, Viewer
from longlight.clinic.safety.actions import keep_plan, review_plan
from longlight.clinic.safety.models import SafetyPlan
from longlight.clinic.safety.rules import PlanStep

STEPS = {
    PlanStep.SIGNS: "I stop answering messages\nI lie awake after three and go over the same things",
    PlanStep.ALONE: "Walk to the harbor and back\nThe old radio plays\nA warm shower",
    PlanStep.DISTRACTION: "The Tuesday choir\nCoffee with Bo, 207 555 0163",
    PlanStep.HELPERS: "Ana, my sister, 207 555 0142\nMr. Wick next door",
    PlanStep.PROFESSIONALS: "Lifeline 988, day and night",
    PlanStep.SURROUNDINGS: "Ana keeps the spare tablets and brings them weekly",
}


def build_plans(today: date, at: datetime) -> None:
    """One plan each; who has one is left as they are."""
    at = not_before(today, at)
    for clinic in CLINICS:
        for patient in clinic.patients:
            if patient.signs_in:
                _build(clinic, patient, at)


def _build(clinic: DemoClinic, patient: DemoPatient, at: datetime) -> None:
    patient_id = demo_id("patient", clinic.slug, patient.number)
    if SafetyPlan.objects.filter(patient_id=patient_id).exists():
        return
    owner = Viewer(
        demo_id("account", clinic.slug, patient.number),
        patient.name,
        Role.PATIENT,
        clinic.id,
        patient_id,
    )
    phone = f"{clinic.name}, {clinic.phone}"
    plan = keep_plan(
        patient_id=patient_id,
        plan_id=demo_id("safety-plan", clinic.slug, patient.number),
        based_on=0,
        steps={**STEPS, PlanStep.PROFESSIONALS: f"{phone}\n{STEPS[PlanStep.PROFESSIONALS]}"},
        opens_by_link=True,
        viewer=owner,
        at=at,
    )
    review_plan(plan_id=plan.pk, viewer=staff_of(clinic).therapist, at=at)
