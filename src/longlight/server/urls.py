"""Every URL of the site. Each view states who may open it (`people.access`)."""

from django.urls import path

from longlight.server.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
