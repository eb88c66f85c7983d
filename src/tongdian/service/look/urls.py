"""Preferences of the reader, and the gallery of components in demo mode."""

from django.urls import path
from django.views.i18n import set_language

from tongdian.service.look import views

app_name = "look"
urlpatterns = [
    path("language/", set_language, name="language"),
    path("elder/", views.elder, name="elder"),
    path("gallery/", views.gallery, name="gallery"),
]
