from django.apps import AppConfig


class ConnectionConfig(AppConfig):
    name = "tongdian.service.connection"
    label = "connection"
