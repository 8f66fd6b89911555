from django.apps import AppConfig


class ModelVersionsConfig(AppConfig):
    name = "reviewapp.modelversions"
