"""`/desk/permits/`: the departments, the window and who follows up."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.approval import (
    views_desk,
    views_handover,
    views_inspection,
    views_restoration,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views_desk.board_view, name="permits-board"),
    path("handovers/", views_handover.handovers_view, name="permits-handovers"),
    path("inspections/", views_inspection.list_view, name="permits-inspections"),
    path("inspections/draw/", views_inspection.draw_view, name="permits-draw"),
    path("restorations/", views_restoration.list_view, name="permits-restorations"),
    path(
        "<str:number>/<slug:item>/inspection/",
        views_inspection.inspection_view,
        name="permits-inspection",
    ),
    path(
        "<str:number>/<slug:item>/inspection/revoke/",
        views_inspection.revoke_view,
        name="permits-revoke",
    ),
    path(
        "<str:number>/<slug:item>/restoration/check/",
        views_restoration.check_view,
        name="permits-restoration-check",
    ),
    path("<str:number>/joint/", views_desk.joint_view, name="permits-joint"),
    path("<str:number>/<slug:item>/", views_desk.item_view, name="permits-item"),
]
