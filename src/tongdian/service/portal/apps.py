from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tongdian.service.portal"
    label = "portal"
