"""Where the desks are."""

from django.urls import path

from longlight.clinic.desks.views import (
    alert,
    board,
    choosing,
    locked,
    looks,
    observations,
    patient,
    staff,
)

urlpatterns = [
    path("today/", patient.today, name="patient-home"),
    path("progress/", patient.progress, name="patient-progress"),
    path("progress/print/", patient.progress_print, name="patient-progress-print"),
    path("progress/follow/", patient.follow, name="patient-follow"),
    path("progress/who-looked/", patient.looks, name="patient-looks"),
    path("safety/<uuid:alert_id>/", alert.alert, name="alert"),
    path("safety/<uuid:alert_id>/claim", alert.claim, name="alert-claim"),
    path("safety/<uuid:alert_id>/contact", alert.contact, name="alert-contact"),
    path("safety/<uuid:alert_id>/outcome", alert.outcome, name="alert-outcome"),
    path("board/", board.board, name="board"),
    path("account/locked/waiting/", locked.waiting, name="locked-waiting"),
    path("patients/", staff.home, name="staff-home"),
    path("patients/<uuid:patient_id>/", staff.chart, name="chart"),
    path("patients/<uuid:patient_id>/choice/", choosing.choose_together, name="choose-together"),
    path("choices/<uuid:choice_id>/correct/", choosing.correct, name="correct-choice"),
    path("choice/", choosing.own_choice, name="own-choice"),
    path("choice/give/", choosing.give_choice, name="give-choice"),
    path(
        "patients/<uuid:patient_id>/observations/",
        observations.observation_list,
        name="chart-observations",
    ),
    path("patients/<uuid:patient_id>/who-looked/", looks.chart_looks, name="chart-looks"),
]
