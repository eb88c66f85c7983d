"""`/permits/`: routes, packets and commitments of those who file for permits."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
