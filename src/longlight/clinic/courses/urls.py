from django.urls import path

from longlight.clinic.courses.views import patient, staff

urlpatterns = [
    path("patients/<uuid:patient_id>/course/", staff.new_course, name="course-new"),
    path("courses/<uuid:course_id>/", staff.course, name="course"),
    path("courses/<uuid:course_id>/end", staff.end, name="course-end"),
    path("sessions/<uuid:planned_id>/move", staff.move, name="session-move"),
    path("sessions/<uuid:planned_id>/cancel", staff.cancel, name="session-cancel"),
    path("plan/", patient.plan, name="plan"),
]
