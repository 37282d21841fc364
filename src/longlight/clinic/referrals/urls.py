"""Where requests are made, followed and worked on."""

from django.urls import path

from longlight.clinic.referrals.views import public, staff

urlpatterns = [
    path("request/", public.choose_clinic, name="referral-clinics"),
    path("request/<slug:slug>/", public.ask, name="referral-ask"),
    path("request/<slug:slug>/with-summary/", public.ask_with_summary, name="referral-ask-with"),
    path("request/status/<str:token>/", public.status, name="referral-status"),
    path("request/status/<str:token>/withdraw/", public.withdraw, name="referral-withdraw"),
    path("request/status/<str:token>/change/", public.change, name="referral-change"),
    path(
        "request/status/<str:token>/time/<uuid:appointment_id>/",
        public.answer,
        name="referral-answer",
    ),
    path("requests/", staff.queue, name="referral-queue"),
    path("requests/desk/", staff.desk, name="referral-desk"),
    path("requests/<uuid:referral_id>/", staff.referral, name="referral"),
    path("requests/<uuid:referral_id>/claim/", staff.claim, name="referral-claim"),
    path("requests/<uuid:referral_id>/confirm/", staff.confirm, name="referral-confirm"),
    path("requests/<uuid:referral_id>/contact/", staff.contact, name="referral-contact"),
    path("requests/<uuid:referral_id>/close/", staff.close, name="referral-close"),
    path("requests/<uuid:referral_id>/book/", staff.book, name="referral-book"),
    path("requests/<uuid:referral_id>/register/", staff.register, name="referral-register"),
]
