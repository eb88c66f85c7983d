"""`/desk/permits/`: the departments, the window and who follows up."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
