from django.urls import path

from longlight.clinic.safety.views import plan, staff, times

urlpatterns = [
    path("safety/", staff.safety_inbox, name="safety-inbox"),
    path("safety/times/", times.times, name="safety-times"),
    path("safety/times/duty", times.duty, name="safety-duty"),
    path("safety/times/duty/<uuid:duty_id>/end", times.duty_end, name="safety-duty-end"),
    path("safety-plan/", plan.own_plan, name="safety-plan"),
    path("safety-plan/edit/", plan.own_edit, name="safety-plan-edit"),
    path("safety-plan/print/", plan.own_print, name="safety-plan-print"),
    path("safety-plan/kept/", plan.own_kept, name="safety-plan-kept"),
    path("safety-plan/<uuid:plan_id>/", plan.own_version, name="safety-plan-version"),
    path("patients/<uuid:patient_id>/safety-plan/", plan.chart_plan, name="chart-safety-plan"),
    path(
        "patients/<uuid:patient_id>/safety-plan/edit/",
        plan.chart_edit,
        name="chart-safety-plan-edit",
    ),
    path(
        "patients/<uuid:patient_id>/safety-plan/print/",
        plan.chart_print,
        name="chart-safety-plan-print",
    ),
    path("safety-plans/<uuid:plan_id>/", plan.chart_version, name="chart-safety-plan-version"),
    path("safety-plans/<uuid:plan_id>/reviewed", plan.reviewed, name="chart-safety-plan-reviewed"),
]
