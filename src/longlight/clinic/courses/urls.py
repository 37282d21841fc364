from django.urls import path

from longlight.clinic.courses.views import changes, patient, staff, times

urlpatterns = [
    path("patients/<uuid:patient_id>/course/", staff.new_course, name="course-new"),
    path("patients/<uuid:patient_id>/courses/", staff.courses, name="courses-of"),
    path("courses/<uuid:course_id>/", staff.course, name="course"),
    path("courses/<uuid:course_id>/end", staff.end, name="course-end"),
    path("courses/", times.to_book, name="courses-to-book"),
    path("courses/<uuid:course_id>/times/", times.times, name="course-times"),
    path("sessions/<uuid:planned_id>/missed", changes.missed, name="session-missed"),
    path("sessions/<uuid:planned_id>/move", changes.move, name="session-move"),
    path("sessions/<uuid:planned_id>/cancel", changes.cancel, name="session-cancel"),
    path("plan/", patient.plan, name="plan"),
]
