from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "longlight.clinic"
    label = "clinic"
    verbose_name = "Clinic"
