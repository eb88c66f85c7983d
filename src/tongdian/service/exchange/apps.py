from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tongdian.service.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tongdian.service.exchange import facts
        from tongdian.service.exchange.consumers import register
        from tongdian.service.exchange.fact_following import FACTS
        from tongdian.service.exchange.fanout import WEBHOOKS
        from tongdian.service.exchange.telling import MESSAGES
        from tongdian.service.privacy.actions import Holding, register_holding

        register(FACTS)
        register(WEBHOOKS)
        register(MESSAGES)
        register_holding(
            Holding(
                "facts",
                "经您同意从政府系统取用的证照",
                "papers fetched from government systems with your consent",
                "没有提交的三十天，提交了的三年",
                "thirty days before submission, three years after",
                shown=facts.shown_of_case,
                listed=facts.listed_of_case,
                erase=facts.erase_of_case,
                expired=facts.count_expired,
                expire=facts.purge_expired,
            )
        )
