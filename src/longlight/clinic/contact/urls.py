"""Where the outbox is seen, and how a patient can be reached is changed."""

from django.urls import path

from longlight.clinic.contact.views import details, staff, undelivered

urlpatterns = [
    path("patients/<uuid:patient_id>/contact/", details.contact, name="patient-contact"),
    path("outbox/", staff.outbox, name="contact-outbox"),
    path("undelivered/", undelivered.undelivered, name="undelivered"),
    path("undelivered/<uuid:given_up_id>/", undelivered.one, name="undelivered-one"),
    path("undelivered/<uuid:given_up_id>/claim", undelivered.claim, name="undelivered-claim"),
    path("undelivered/<uuid:given_up_id>/settle", undelivered.settle, name="undelivered-settle"),
    path("outbox/<uuid:job_id>/again", staff.again, name="contact-again"),
]
