"""Where a patient answers, by link and signed in, and where staff send questions from."""

from django.urls import path

from longlight.clinic.assessments.views import answering, staff
from longlight.clinic.assessments.views.ways import both_ways

urlpatterns = [
    *both_ways("", answering.intro),
    *both_ways("questions/<int:number>/", answering.question, "question"),
    *both_ways("all/", answering.every_question, "all"),
    *both_ways("help/<int:number>/", answering.help_page, "help"),
    *both_ways("check/", answering.check, "check"),
    *both_ways("send/", answering.send, "send"),
    *both_ways("stopped/", answering.stopped, "stopped"),
    *both_ways("thanks/", answering.thanks, "thanks"),
    path("patients/<uuid:patient_id>/check-ins/", staff.check_ins, name="check-ins"),
    path("check-ins/<uuid:due_id>/withdraw/", staff.withdraw, name="check-in-withdraw"),
]
