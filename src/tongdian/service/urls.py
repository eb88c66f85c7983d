"""Every address of the service, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("tongdian.service.portal.urls")),
    path("", include("tongdian.service.identity.urls")),
    path("look/", include("tongdian.service.look.urls")),
    path("desk/permits/", include("tongdian.service.approval.urls")),
    path("desk/leads/", include("tongdian.service.leads.urls")),
    path("permits/", include("tongdian.service.approval.urls_public")),
    path("exchange/", include("tongdian.service.exchange.urls")),
    path("my-data/", include("tongdian.service.privacy.urls")),
    path("desk/", include("tongdian.service.connection.urls")),
    path("board/", include("tongdian.service.supervision.urls")),
    path("api/", include("tongdian.service.api.urls")),
    path("open/", include("tongdian.service.casework.urls")),
]

handler400 = "tongdian.service.look.errors.bad_request"
handler403 = "tongdian.service.look.errors.forbidden"
handler404 = "tongdian.service.look.errors.not_found"
handler500 = "tongdian.service.look.errors.server_error"
