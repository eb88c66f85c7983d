from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "tongdian.service.identity"
    label = "identity"
    verbose_name = "人员与组织"
