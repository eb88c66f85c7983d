"""The public face, at the root."""

from django.urls import URLPattern, URLResolver, path

from tongdian.service.portal import (
    views_apply,
    views_case,
    views_guides,
    views_load,
    views_precheck,
    views_receipt,
    views_track,
    views_verify,
)

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views_precheck.home_view, name="home"),
    path("precheck/", views_precheck.precheck_view, name="precheck"),
    path("precheck/load/", views_load.load_view, name="load"),
    path("outages/", views_guides.outages_view, name="outages"),
    path("guides/", views_guides.guides_view, name="guides"),
    path("guides/<slug:track>/", views_guides.guide_view, name="guide"),
    path("plan/", views_guides.plan_view, name="plan"),
    path("commitments/", views_guides.commitments_view, name="commitments"),
    path("disclosure/promise/", views_guides.promise_view, name="promise"),
    path("verify/", views_verify.verify_view, name="verify"),
    path("verify/verify.py", views_verify.verifier_file, name="verifier"),
    path("apply/", views_apply.start_view, name="apply"),
    path("apply/begin/", views_apply.begin_view, name="apply-begin"),
    path("apply/resume/", views_apply.resume_view, name="apply-resume"),
    path("apply/continue/", views_apply.continue_view, name="apply-continue"),
    path("apply/saved/", views_apply.saved_view, name="apply-saved"),
    path("apply/submit/", views_apply.submit_view, name="apply-submit"),
    path("apply/done/", views_apply.done_view, name="apply-done"),
    path("apply/<slug:question_id>/", views_apply.question_view, name="apply-question"),
    path("track/", views_track.track_view, name="track"),
    path("cases/<str:number>/", views_case.case_view, name="case"),
    path("cases/<str:number>/export.json", views_receipt.export_json, name="export"),
    path("cases/<str:number>/do/<slug:kind>/", views_case.action_view, name="action"),
    path("cases/<str:number>/receipts/<int:seq>/", views_receipt.receipt_page, name="receipt"),
    path(
        "cases/<str:number>/receipts/<int:seq>.json",
        views_receipt.receipt_json,
        name="receipt-json",
    ),
    path(
        "cases/<str:number>/receipts/<int:seq>.pdf",
        views_receipt.receipt_pdf_view,
        name="receipt-pdf",
    ),
]
