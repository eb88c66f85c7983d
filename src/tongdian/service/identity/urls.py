"""Sign-in, the own account, administration of users, and the audit."""

from allauth.account import views as allauth_views
from django.urls import URLPattern, URLResolver, include, path

from tongdian.service.identity import views, views_admin

ACCOUNT = [
    path("", views.account, name="account"),
    path("landing/", views.landing, name="account-landing"),
    path("role/", views.role, name="account-role"),
    path("sessions/<int:pk>/end/", views.end, name="account-session-end"),
    path("demo/", views.demo_sign_in, name="demo-sign-in"),
    path("login/", views.LoginView.as_view(), name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/help/", views.password_help, name="account_reset_password"),
    path("mfa/authenticate/", views.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("mfa/totp/activate/", views.ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("mfa/", include("allauth.mfa.urls")),
]

ADMINISTRATION = [
    path("", views_admin.users, name="admin-users"),
    path("new/", views_admin.new_user, name="admin-user-new"),
    path("clients/", views_admin.clients, name="admin-clients"),
    path("clients/<int:pk>/key/", views_admin.rotate, name="admin-client-key"),
    path("clients/<int:pk>/active/", views_admin.switch, name="admin-client-active"),
    path("<int:pk>/", views_admin.user, name="admin-user"),
    path("<int:pk>/grant/", views_admin.grant, name="admin-user-grant"),
    path("<int:pk>/grants/<int:grant_pk>/revoke/", views_admin.revoke, name="admin-user-revoke"),
    path("<int:pk>/password/", views_admin.password, name="admin-user-password"),
    path("<int:pk>/sessions/<int:session_pk>/end/", views_admin.end, name="admin-session-end"),
    *(
        path(f"<int:pk>/{name}/", views_admin.command, {"name": name}, name=f"admin-user-{name}")
        for name in views_admin.USER_COMMANDS
    ),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(ACCOUNT)),
    path("admin-users/", include(ADMINISTRATION)),
    path("audit/", views.audit_view, name="audit"),
]
