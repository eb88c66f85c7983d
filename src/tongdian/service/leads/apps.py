from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "tongdian.service.leads"
    label = "leads"

    def ready(self) -> None:
        from tongdian.service.casework.processes import register
        from tongdian.service.exchange import consumers, inbound
        from tongdian.service.leads.definition import DEFINITION
        from tongdian.service.leads.inbound import EVENT_TYPE, take_permit
        from tongdian.service.leads.matcher import MATCHER
        from tongdian.service.leads.reading import erase_of_lead
        from tongdian.service.privacy.actions import (
            Holding,
            Keeping,
            register_holding,
            register_keeping,
        )

        register(DEFINITION)
        register_keeping(Keeping(DEFINITION.process.id))
        register_holding(
            Holding(
                "leads",
                "施工许可推送的建设单位和地点",
                "builder and place of a pushed construction permit",
                erase=erase_of_lead,
            )
        )
        inbound.register(EVENT_TYPE, take_permit)
        consumers.register(MATCHER)
