"""`/board/`: the supervisor's room."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.supervision import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.board_view, name="board"),
    path("table/track/", views.table_view, {"by": "track"}, name="board-table-track"),
    path("table/district/", views.table_view, {"by": "district"}, name="board-table-district"),
    path("cases/<slug:figure_id>/", views.cases_view, name="board-cases"),
    path("findings/", views.findings_view, name="board-findings"),
]
