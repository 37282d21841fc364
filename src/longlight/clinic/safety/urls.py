from django.urls import path

from longlight.clinic.safety.views import staff

urlpatterns = [
    path("safety/", staff.safety_inbox, name="safety-inbox"),
    path("safety/<uuid:alert_id>/", staff.alert, name="alert"),
    path("safety/<uuid:alert_id>/claim", staff.claim, name="alert-claim"),
    path("safety/<uuid:alert_id>/contact", staff.contact, name="alert-contact"),
    path("safety/<uuid:alert_id>/outcome", staff.outcome, name="alert-outcome"),
]
