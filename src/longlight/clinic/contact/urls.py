"""Where the outbox is seen."""

from django.urls import path

from longlight.clinic.contact.views import staff

urlpatterns = [
    path("outbox/", staff.outbox, name="contact-outbox"),
    path("outbox/<uuid:job_id>/again", staff.again, name="contact-again"),
]
