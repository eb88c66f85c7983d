"""`/my-data/`: what is kept of a person, and who read it."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
