"""Where the schedule's pages stand."""

from django.urls import path

from longlight.clinic.schedule.views import setup, staff

urlpatterns = [
    path("schedule/", staff.day, name="schedule-day"),
    path("schedule/book/", staff.book, name="schedule-book"),
    path("schedule/set-up/", setup.set_up, name="schedule-set-up"),
    path("schedule/set-up/add/", setup.add_resource, name="schedule-add"),
    path(
        "schedule/set-up/retire/<int:resource_id>/", setup.retire_resource, name="schedule-retire"
    ),
    path("schedule/set-up/hours/", setup.set_hours, name="schedule-hours"),
    path("schedule/<uuid:appointment_id>/", staff.appointment, name="schedule-appointment"),
    path("schedule/<uuid:appointment_id>/move/", staff.move, name="schedule-move"),
    path("schedule/<uuid:appointment_id>/cancel/", staff.cancel, name="schedule-cancel"),
    path("schedule/<uuid:appointment_id>/mark/", staff.mark, name="schedule-mark"),
]
