from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tongdian.service.privacy"
    label = "privacy"
