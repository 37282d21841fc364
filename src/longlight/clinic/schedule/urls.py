"""Where the schedule's pages stand."""

from django.urls import path

from longlight.clinic.schedule.views import staff

urlpatterns = [
    path("schedule/", staff.day, name="schedule-day"),
    path("schedule/book/", staff.book, name="schedule-book"),
    path("schedule/<uuid:appointment_id>/", staff.appointment, name="schedule-appointment"),
    path("schedule/<uuid:appointment_id>/move/", staff.move, name="schedule-move"),
    path("schedule/<uuid:appointment_id>/cancel/", staff.cancel, name="schedule-cancel"),
    path("schedule/<uuid:appointment_id>/mark/", staff.mark, name="schedule-mark"),
]
