"""Every URL of the site. Each view states who may open it (`people.access`)."""

from django.conf import settings
from django.urls import include, path

from longlight.clinic.people.access import public, roles
from longlight.clinic.people.rules import Role
from longlight.server.health import healthz, readyz
from longlight.ui import errors, views
from longlight.ui.gallery import gallery, gallery_error
from longlight.ui.theme import choose_theme

# The ui floor knows no roles, so the rules of its pages are stated here.
_gallery_rule = roles(Role.ADMINISTRATOR) if settings.PRODUCTION else public

urlpatterns = [
    path("", public(views.home), name="home"),
    path("crisis/", public(views.crisis), name="crisis"),
    path("sw.js", public(views.service_worker), name="service-worker"),
    path("theme/", public(choose_theme), name="theme"),
    path("sources/", public(views.sources), name="sources"),
    path("money/", public(views.money), name="money"),
    path("privacy/", public(views.privacy), name="privacy"),
    path("", include("longlight.clinic.contact.urls")),
    path("", include("longlight.clinic.schedule.urls")),
    path("", include("longlight.clinic.referrals.urls")),
    path("gallery/", _gallery_rule(gallery), name="gallery"),
    path("", include("longlight.clinic.safety.urls")),
    path("", include("longlight.clinic.assessments.urls")),
    path("", include("longlight.clinic.approaches.urls")),
    path("", include("longlight.clinic.screening.urls")),
    path("", include("longlight.clinic.courses.urls")),
    path("", include("longlight.clinic.dosing.urls")),
    path("", include("longlight.clinic.therapy.urls")),
    path("", include("longlight.clinic.followup.urls")),
    path("", include("longlight.clinic.outcomes.urls")),
    path("gallery/errors/<int:status>/", _gallery_rule(gallery_error), name="gallery-error"),
    path("", include("longlight.clinic.desks.urls")),
    path("", include("longlight.exchange.urls")),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("longlight.clinic.people.urls")),
    path("", include("longlight.clinic.demo.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
