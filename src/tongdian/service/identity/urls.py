"""Signing in, one's own account, the administrator's pages."""

from django.urls import URLPattern, URLResolver, include, path

from tongdian.service.identity import demo, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("accounts/demo/", demo.demo_login, name="demo-login"),
    path("account/", views.account_view, name="account"),
    path("admin-users/", views.users_view, name="users"),
    path("admin-users/new/", views.new_user_view, name="user-new"),
    path("admin-users/<int:user_id>/grant/", views.grant_view, name="user-grant"),
    path("admin-users/<int:user_id>/lock/", views.lock_view, name="user-lock"),
    path("admin-users/grants/<int:grant_id>/revoke/", views.revoke_view, name="grant-revoke"),
    path("admin-users/clients/new/", views.new_client_view, name="client-new"),
    path(
        "admin-users/clients/<int:client_id>/revoke/",
        views.revoke_client_view,
        name="client-revoke",
    ),
]
