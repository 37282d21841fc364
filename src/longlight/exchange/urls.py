"""Where files come in and go out."""

from django.urls import path

from longlight.exchange import clinics_pages, observations_json, outcomes_pages, scores_pages

urlpatterns = [
    path("outcomes.csv", outcomes_pages.outcomes_csv, name="outcomes-csv"),
    path("directory/import/", clinics_pages.import_clinics, name="import-clinics"),
    path("patients/<uuid:patient_id>/import/", scores_pages.upload, name="import-upload"),
    path(
        "patients/<uuid:patient_id>/import/<uuid:draft_id>/",
        scores_pages.columns,
        name="import-columns",
    ),
    path(
        "patients/<uuid:patient_id>/imports/<uuid:import_id>/",
        scores_pages.report,
        name="import-report",
    ),
    path("patients/<uuid:patient_id>/scores.csv", scores_pages.chart_csv, name="chart-scores-csv"),
    path(
        "patients/<uuid:patient_id>/observations.json",
        observations_json.chart_observations,
        name="chart-observations-json",
    ),
    path("progress/scores.csv", scores_pages.own_csv, name="patient-scores-csv"),
]
