from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tongdian.service.exchange"
    label = "exchange"

    def ready(self) -> None:
        from tongdian.service.exchange.consumers import register
        from tongdian.service.exchange.fact_following import FACTS
        from tongdian.service.exchange.fanout import WEBHOOKS
        from tongdian.service.exchange.telling import MESSAGES

        register(FACTS)
        register(WEBHOOKS)
        register(MESSAGES)
