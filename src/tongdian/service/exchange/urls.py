"""`/exchange/`: signed messages in, deliveries out."""

from django.urls import URLPattern, URLResolver, include, path

from tongdian.service.exchange import (
    views_admin,
    views_console,
    views_events,
    views_in,
    views_notices,
    views_registries,
)

CONSOLE: list[URLPattern | URLResolver] = [
    path("", views_console.overview, name="console"),
    path("new/", views_console.new, name="endpoint-new"),
    path("<int:pk>/", views_console.endpoint, name="endpoint"),
    path("<int:pk>/secrets/", views_console.rotate, name="endpoint-secrets"),
    path("<int:pk>/replay/", views_console.replay_range, name="endpoint-replay"),
    *(
        path(f"<int:pk>/{name}/", views_console.command, {"name": name}, name=f"endpoint-{name}")
        for name in views_console.COMMANDS
    ),
    path("deliveries/<int:pk>/", views_console.delivery, name="delivery"),
    path("inbound/", views_admin.inbound, name="inbound"),
    path("inbound/<slug:source>/key/", views_admin.source_key, name="source-key"),
    path("inbound/<slug:source>/active/", views_admin.source_active, name="source-active"),
    path("registries/", views_registries.registries, name="registries"),
    path("messages/", views_admin.told, name="told"),
    path("set-aside/<int:pk>/", views_admin.set_aside_again, name="set-aside-again"),
]

app_name = "exchange"
urlpatterns: list[URLPattern | URLResolver] = [
    path("in/<slug:source>/", views_in.take_in, name="in"),
    path("events/", views_events.events, name="events"),
    path("notices/", views_notices.notices, name="notices"),
    path("console/", include(CONSOLE)),
]
