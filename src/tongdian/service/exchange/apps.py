from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tongdian.service.exchange"
    label = "exchange"
