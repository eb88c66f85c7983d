from django.apps import AppConfig


class ConnectionConfig(AppConfig):
    name = "tongdian.service.connection"
    label = "connection"

    def ready(self) -> None:
        from tongdian.service.casework.processes import register
        from tongdian.service.connection.definition import DEFINITION

        register(DEFINITION)
