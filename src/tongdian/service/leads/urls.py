"""`/desk/leads/`: what will need power before anybody applies."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
