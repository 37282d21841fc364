"""Where a patient answers, by link and signed in, and where staff send questions from."""

from django.urls import path

from longlight.clinic.assessments.views import (
    answering,
    board,
    entering,
    ladder,
    late,
    reminders,
    schedules,
    staff,
)
from longlight.clinic.assessments.views.ways import both_ways

urlpatterns = [
    *both_ways("", answering.intro, takes_late=True),
    *both_ways("questions/<int:number>/", answering.question, "question", takes_late=True),
    *both_ways("all/", answering.every_question, "all"),
    *both_ways("help/<int:number>/", answering.help_page, "help"),
    *both_ways("check/", answering.check, "check"),
    *both_ways("send/", answering.send, "send"),
    *both_ways("stopped/", answering.stopped, "stopped"),
    *both_ways("thanks/", answering.thanks, "thanks"),
    *both_ways("later/", reminders.later, "later"),
    *both_ways("onward/", reminders.onward, "onward"),
    path("reminders/", reminders.own_preference, name="reminders"),
    path("questionnaires/", board.questionnaires, name="questionnaires"),
    path("questionnaires/overdue/", board.overdue, name="questionnaires-overdue"),
    path("questionnaires/quiet/", board.quiet, name="questionnaires-quiet"),
    path("questionnaires/clinic/", schedules.of_clinic, name="clinic-schedule"),
    path("questionnaires/reminders/", ladder.of_clinic, name="clinic-reminders"),
    path("questionnaires/rules/<uuid:added_id>/stop/", schedules.stop, name="schedule-stop"),
    path("patients/<uuid:patient_id>/schedule/", schedules.of_patient, name="patient-schedule"),
    path(
        "patients/<uuid:patient_id>/schedule/<str:change>/",
        schedules.change,
        name="schedule-change",
    ),
    path("patients/<uuid:patient_id>/reminders/", reminders.preference, name="patient-reminders"),
    path("patients/<uuid:patient_id>/calls/", board.call, name="patient-calls"),
    path(
        "patients/<uuid:patient_id>/enter/<slug:instrument_id>/",
        entering.enter,
        name="enter-answers",
    ),
    path("patients/<uuid:patient_id>/check-ins/", staff.check_ins, name="check-ins"),
    path("check-ins/<uuid:due_id>/late/", late.late_answers, name="check-in-late"),
    path("check-ins/<uuid:due_id>/withdraw/", staff.withdraw, name="check-in-withdraw"),
]
