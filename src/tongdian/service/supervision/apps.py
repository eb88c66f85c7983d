from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "tongdian.service.supervision"
    label = "supervision"
