from django.urls import path

from longlight.clinic.followup.views import staff

urlpatterns = [
    path("patients/<uuid:patient_id>/follow-up/", staff.follow_up, name="follow-up"),
    path("patients/<uuid:patient_id>/follow-up/booster", staff.booster, name="booster-decide"),
]
