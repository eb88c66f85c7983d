from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "tongdian.service.privacy"
    label = "privacy"

    def ready(self) -> None:
        from tongdian.service.privacy.own_holdings import register

        register()
