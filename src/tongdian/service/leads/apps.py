from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "tongdian.service.leads"
    label = "leads"
