from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tongdian.service.api"
    label = "api"
