"""The peer of a submission: the same body, checked by the same library on the same server, and its
two rows written in one transaction, with no rule, hash, clock, key or receipt."""

import json
import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest
from django.urls import path

from tongdian.service.settings import _database

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": _database(os.environ["TONGDIAN_DATABASE_URL"])},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",
    USE_TZ=True,
)
django.setup()

from ninja import NinjaAPI, Status  # noqa: E402

from tongdian.service.connection.commands import Application  # noqa: E402

api = NinjaAPI(docs_url=None, openapi_url=None)
INSERT = "INSERT INTO bench_rows (body) VALUES (%s)"


@api.post("/rows", response={201: dict[str, str]})
def write(request: HttpRequest, application: Application) -> Status:
    from django.db import connection, transaction

    text = json.dumps(application.model_dump(mode="json"), ensure_ascii=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INSERT, [text])
        cursor.execute(INSERT, [text])
    return Status(201, {"number": "bare"})


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
