from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    name = "tongdian.service.approval"
    label = "approval"
