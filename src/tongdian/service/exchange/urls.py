"""`/exchange/`: signed messages in, deliveries out."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
