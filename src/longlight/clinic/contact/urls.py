"""Where the outbox is seen, and how a patient can be reached is changed."""

from django.urls import path

from longlight.clinic.contact.views import details, staff

urlpatterns = [
    path("patients/<uuid:patient_id>/contact/", details.contact, name="patient-contact"),
    path("outbox/", staff.outbox, name="contact-outbox"),
    path("outbox/<uuid:job_id>/again", staff.again, name="contact-again"),
]
