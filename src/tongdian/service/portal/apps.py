from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tongdian.service.portal"
    label = "portal"

    def ready(self) -> None:
        from tongdian.service.portal import drafts
        from tongdian.service.privacy.actions import Holding, register_holding

        register_holding(
            Holding(
                "drafts",
                "没有提交的申请",
                "applications not submitted",
                "三十天",
                "thirty days",
                erase=drafts.erase_of_case,
                expired=drafts.count_expired,
                expire=drafts.purge_expired,
            )
        )
