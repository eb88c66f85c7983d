"""`/desk/leads/`: what will need power before anybody applies."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.leads import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.list_view, name="leads"),
    path("<str:number>/", views.lead_view, name="lead"),
    path("<str:number>/<slug:kind>/", views.action_view, name="lead-action"),
]
