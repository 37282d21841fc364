from django.urls import path

from longlight.clinic.outcomes.views import staff

urlpatterns = [
    path("outcomes/", staff.table, name="outcomes"),
    path("outcomes/<slug:protocol_id>/<slug:group>/", staff.behind, name="outcomes-behind"),
]
