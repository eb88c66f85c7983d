from django.apps import AppConfig


class ConnectionConfig(AppConfig):
    name = "tongdian.service.connection"
    label = "connection"

    def ready(self) -> None:
        from tongdian.service.approval.selectors import being_put_right
        from tongdian.service.casework.processes import register
        from tongdian.service.connection.actions import record_fact
        from tongdian.service.connection.definition import DEFINITION
        from tongdian.service.connection.process import ENERGISED
        from tongdian.service.exchange.facts import record_by
        from tongdian.service.privacy.actions import Keeping, register_keeping

        register(DEFINITION)
        register_keeping(Keeping(DEFINITION.process.id, frozenset({ENERGISED}), being_put_right))
        record_by(record_fact)
