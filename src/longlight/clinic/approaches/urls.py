"""Learning, choosing, finding a clinic; and which protocols a clinic works by."""

from django.urls import path

from longlight.clinic.approaches.views import choose, clinics, learn, staff

urlpatterns = [
    path("approaches/", learn.compare, name="approaches"),
    path("approaches/claims/", learn.claims, name="claims"),
    path("approaches/conditions/", learn.conditions, name="conditions"),
    path("approaches/<slug:option_id>/", learn.option, name="approach"),
    path("choose/", choose.choose, name="choose"),
    path("choose/kept/<str:token>/", choose.kept, name="choose-kept"),
    path("choose/kept/<str:token>/forget/", choose.forget, name="choose-forget"),
    path("clinics/", clinics.clinics, name="clinics"),
    path("clinics/compare/", clinics.compare_clinics, name="compare-clinics"),
    path("clinics/at/<slug:slug>/", clinics.listing, name="clinic"),
    path("protocols/", staff.protocol_list, name="protocols"),
    path("protocols/<slug:protocol_id>/", staff.protocol, name="protocol"),
    path("protocols/<slug:protocol_id>/adopt", staff.adopt, name="protocol-adopt"),
    path("protocols/<slug:protocol_id>/retire", staff.retire, name="protocol-retire"),
]
