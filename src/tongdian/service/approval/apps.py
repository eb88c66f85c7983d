from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "tongdian.service.approval"
    label = "approval"

    def ready(self) -> None:
        from tongdian.service.approval.callbacks import EVENT_TYPE, note_refusal, take_status
        from tongdian.service.approval.callbacks_handover import DEPARTMENTS
        from tongdian.service.approval.own_holdings import HOLDING
        from tongdian.service.exchange import consumers, inbound
        from tongdian.service.privacy.actions import register_holding

        inbound.register(EVENT_TYPE, take_status, refused=note_refusal)
        consumers.register(DEPARTMENTS)
        register_holding(HOLDING)
