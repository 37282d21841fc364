"""Every URL of the site. Each view states who may open it (`people.access`)."""

from django.conf import settings
from django.urls import path

from longlight.clinic.people.access import public, roles
from longlight.clinic.people.rules import Role
from longlight.server.health import healthz, readyz
from longlight.server.steps import step
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
    step("longlight.clinic.contact.urls"),
    step("longlight.clinic.schedule.urls"),
    step("longlight.clinic.referrals.urls"),
    path("gallery/", _gallery_rule(gallery), name="gallery"),
    step("longlight.clinic.safety.urls"),
    step("longlight.clinic.assessments.urls"),
    step("longlight.clinic.approaches.urls"),
    step("longlight.clinic.screening.urls"),
    step("longlight.clinic.courses.urls"),
    step("longlight.clinic.dosing.urls"),
    step("longlight.clinic.therapy.urls"),
    step("longlight.clinic.followup.urls"),
    step("longlight.clinic.outcomes.urls"),
    path("gallery/errors/<int:status>/", _gallery_rule(gallery_error), name="gallery-error"),
    step("longlight.clinic.desks.urls"),
    step("longlight.exchange.urls"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    step("longlight.clinic.people.urls"),
    step("longlight.clinic.demo.urls"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many
handler500 = errors.server_error
