"""`/board/`: the supervisor's room."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.supervision.views import board_view, table_view
from tongdian.service.supervision.views_cases import cases_view
from tongdian.service.supervision.views_findings import findings_view

urlpatterns: list[URLPattern | URLResolver] = [
    path("", board_view, name="board"),
    path("table/track/", table_view, {"by": "track"}, name="board-table-track"),
    path("table/district/", table_view, {"by": "district"}, name="board-table-district"),
    path("cases/<slug:figure_id>/", cases_view, name="board-cases"),
    path("findings/", findings_view, name="board-findings"),
]
