"""`/permits/`: routes, packets and commitments of those who file for permits."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.approval import (
    views_commitment,
    views_desk,
    views_filer,
    views_restoration,
    views_route,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:number>/route/", views_route.route_view, name="permits-route"),
    path("<str:number>/route/preview/", views_route.preview_view, name="permits-preview"),
    path("<str:number>/form/", views_route.packet_view, name="permits-packet"),
    path("<str:number>/check/", views_route.check_view, name="permits-check"),
    path("<str:number>/filed/", views_route.filed_view, name="permits-filed"),
    path("<str:number>/joint.pdf", views_desk.joint_pdf_view, name="permits-joint-pdf"),
    path("<str:number>/commitment/", views_commitment.letter_view, name="permits-commitment"),
    path(
        "<str:number>/commitment/decision/",
        views_commitment.decision_view,
        name="permits-commitment-decision",
    ),
    path(
        "<str:number>/commitment/withdraw/",
        views_commitment.withdraw_view,
        name="permits-commitment-withdraw",
    ),
    path(
        "<str:number>/commitment/<str:digest>.pdf",
        views_commitment.letter_pdf_view,
        name="permits-commitment-pdf",
    ),
    path(
        "<str:number>/<slug:item>/rectify/",
        views_commitment.rectify_view,
        name="permits-rectify",
    ),
    path("<str:number>/<slug:item>/correct/", views_filer.correct_view, name="permits-correct"),
    path("<str:number>/<slug:item>/withdraw/", views_filer.withdraw_view, name="permits-withdraw"),
    path(
        "<str:number>/<slug:item>/restoration/",
        views_restoration.report_view,
        name="permits-restoration",
    ),
    path("<str:number>/photo/<str:digest>/", views_restoration.photo_view, name="permits-photo"),
]
