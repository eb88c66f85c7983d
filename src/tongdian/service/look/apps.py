from django.apps import AppConfig


class LookConfig(AppConfig):
    name = "tongdian.service.look"
    label = "look"
