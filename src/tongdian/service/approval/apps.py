from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "tongdian.service.approval"
    label = "approval"

    def ready(self) -> None:
        from tongdian.service.approval.callbacks import EVENT_TYPE, note_refusal, take_status
        from tongdian.service.exchange import inbound

        inbound.register(EVENT_TYPE, take_status, refused=note_refusal)
