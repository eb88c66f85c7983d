"""`/my-data/`: what is kept of a person, and who read it."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.privacy import views, views_requests

app_name = "privacy"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("what-we-keep/", views.what_we_keep, name="what-we-keep"),
    path("my-data.json", views.all_json, name="all-json"),
    path("requests/", views_requests.requests_view, name="requests"),
    path("requests/<int:pk>/", views_requests.decide_view, name="decide"),
    path("cases/<str:number>/", views.case_page, name="case"),
    path("cases/<str:number>/my-data.json", views.case_json, name="case-json"),
    path("cases/<str:number>/codes/<slug:party>/", views.change_code, name="change-code"),
    path("cases/<str:number>/erasure/", views.erasure, name="erasure"),
]
