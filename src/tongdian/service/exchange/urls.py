"""`/exchange/`: signed messages in, deliveries out."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.exchange import views_in

app_name = "exchange"
urlpatterns: list[URLPattern | URLResolver] = [
    path("in/<slug:source>/", views_in.take_in, name="in"),
]
