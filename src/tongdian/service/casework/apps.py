from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "tongdian.service.casework"
    label = "casework"
