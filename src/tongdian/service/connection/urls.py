"""`/desk/`: the desk of utility staff and department officers."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.connection import views, views_actions

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox_view, name="desk-inbox"),
    path("assign/", views.assign_view, name="desk-assign"),
    path("cases/<str:number>/", views.case_view, name="desk-case"),
    path("cases/<str:number>/evidence/", views_actions.evidence_view, name="desk-evidence"),
    path(
        "cases/<str:number>/evidence/<str:digest>/",
        views.evidence_file_view,
        name="desk-evidence-file",
    ),
    path("cases/<str:number>/<slug:kind>/", views_actions.action_view, name="desk-action"),
]
