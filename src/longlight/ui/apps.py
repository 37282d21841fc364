from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "longlight.ui"
    label = "ui"
