from django.urls import path

from longlight.clinic.approaches.views import staff

urlpatterns = [
    path("protocols/", staff.protocol_list, name="protocols"),
    path("protocols/<slug:protocol_id>/", staff.protocol, name="protocol"),
    path("protocols/<slug:protocol_id>/adopt", staff.adopt, name="protocol-adopt"),
    path("protocols/<slug:protocol_id>/retire", staff.retire, name="protocol-retire"),
]
