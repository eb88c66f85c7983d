"""One settings module for laptop, tests and production; what differs comes from the environment.

TONGDIAN_DATABASE_URL        the web role's connection (postgresql://…)
TONGDIAN_OWNER_DATABASE_URL  the owner's, for migrations and the demo city; never the web role's
TONGDIAN_DATA                folder for the embedded database, keys and uploads
TONGDIAN_SECRET_KEY_FILE     file with the secret key; without it one is made inside TONGDIAN_DATA
TONGDIAN_DATA_KEYS_FILE      file with the keys of sealed columns and files; without it one is made
                             inside TONGDIAN_DATA. Whoever loses it loses what is sealed with it
TONGDIAN_DEMO                "1" shows demo accounts and allows the movable clock
TONGDIAN_EXCHANGE_FILE       YAML file that names the registries; without one applicants upload
TONGDIAN_SANDBOX_URL         address of the sandbox government that a demo asks instead
TONGDIAN_HOSTS               comma separated host names served beside loopback
TONGDIAN_TLS                 "1" behind a proxy that ends TLS and sets X-Forwarded-Proto itself
TONGDIAN_PROXIES             how many proxies in front append to X-Forwarded-For; 0 trusts none
TONGDIAN_PUBLIC_BASE_URL     the address that people use, for links and QR codes
TONGDIAN_LOG_ID              the name of the log in its heads
TONGDIAN_SIGNING_KEY_FILE    the log's signing key; without it one is made inside TONGDIAN_DATA
TONGDIAN_LOOPBACK            "1" lets webhooks go to this machine over http, for a local sandbox; a
                             demo does
TONGDIAN_GATEWAY_URL         where SMS and e-mail are handed over; without it they wait
TONGDIAN_GATEWAY_SECRET      the secret shared with the gateway (whsec_…)
TONGDIAN_LOG_LEVEL           WARNING, or what else Python's logging knows
"""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("TONGDIAN_DATA", ".data")).resolve()
DEMO = os.environ.get("TONGDIAN_DEMO") == "1"
TONGDIAN_DEMO = DEMO
DEBUG = False


def _secret_key() -> str:
    path = Path(os.environ.get("TONGDIAN_SECRET_KEY_FILE", DATA / "secret-key"))
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key


PREPARE_AFTER = 2


def _database(url: str) -> dict[str, Any]:
    """A Django database entry from a postgresql:// address; `?host=` may name a socket folder, and
    `?prepare=off` suits a pooler that changes servers between transactions."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    prepare_after = None if query.pop("prepare", "") == "off" else PREPARE_AFTER
    return {
        "ENGINE": "tongdian.service.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "prepare_threshold": prepare_after, **query},
    }


SECRET_KEY = os.environ.get("TONGDIAN_SECRET_KEY") or _secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
ALLOWED_HOSTS += [host for host in os.environ.get("TONGDIAN_HOSTS", "").split(",") if host]
BEHIND_TLS = os.environ.get("TONGDIAN_TLS") == "1"

INSTALLED_APPS = [
    "tongdian.service.look",
    "tongdian.service.identity",
    "tongdian.service.casework",
    "tongdian.service.privacy",
    "tongdian.service.exchange",
    "tongdian.service.approval",
    "tongdian.service.connection",
    "tongdian.service.leads",
    "tongdian.service.supervision",
    "tongdian.service.portal",
    "tongdian.service.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tongdian.service.api.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tongdian.service.look.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "tongdian.service.casework.uploads.UploadNamesMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongdian.service.identity.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "tongdian.service.urls"
WSGI_APPLICATION = "tongdian.service.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongdian.service.look.context.look",
            ],
        },
    },
]

_web_url = os.environ.get("TONGDIAN_DATABASE_URL", "postgresql:///tongdian")
DATABASES = {"default": _database(_web_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entry",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "tongdian.service.identity.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "tongdian.service.identity.forms.LoginForm",
    "signup": "tongdian.service.identity.forms.SignupForm",
    "change_password": "tongdian.service.identity.forms.ChangePasswordForm",
    "reauthenticate": "tongdian.service.identity.forms.ReauthenticateForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Without it every visitor behind a proxy has the proxy's address, and twenty wrong codes of one
# lock out all.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TONGDIAN_PROXIES", "0"))
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "tongdian.service.identity.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "tongdian.service.identity.forms.AuthenticateForm",
    "reauthenticate": "tongdian.service.identity.forms.CodeForm",
    "activate_totp": "tongdian.service.identity.forms.ActivateTOTPForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "通电 Tongdian"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
# Else Django takes every form for one of another site: the browser says https, the proxy http.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = DATA / "evidence"
STORAGES = {
    "default": {"BACKEND": "tongdian.service.sealing.storage.SealedStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_582_912
EVIDENCE_MAX_BYTES = 10_485_760

STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 12 * 3600
STAFF_MAX_SESSIONS = 3

PLAN = "guiyang-2021"
LOG_ID = os.environ.get("TONGDIAN_LOG_ID", "guiyang")
SIGNING_KEY_FILE = Path(os.environ.get("TONGDIAN_SIGNING_KEY_FILE", DATA / "log-key.pem"))
DATA_KEYS_FILE = Path(os.environ.get("TONGDIAN_DATA_KEYS_FILE", DATA / "data-keys.json"))
EXCHANGE_FILE = os.environ.get("TONGDIAN_EXCHANGE_FILE", "")
SANDBOX_URL = os.environ.get("TONGDIAN_SANDBOX_URL", "")
PUBLIC_BASE_URL = os.environ.get("TONGDIAN_PUBLIC_BASE_URL", "http://127.0.0.1:8000")

EXCHANGE_LOOPBACK = DEMO or os.environ.get("TONGDIAN_LOOPBACK") == "1"
MESSAGE_GATEWAY_URL = os.environ.get("TONGDIAN_GATEWAY_URL", "")
MESSAGE_GATEWAY_SECRET = os.environ.get("TONGDIAN_GATEWAY_SECRET", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TONGDIAN_LOG_LEVEL", "WARNING")},
}
