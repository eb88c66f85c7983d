"""A file in a request, read before anything trusts it: its true name, its size, its digest."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.uploads import NamesAsSent

ENVELOPE_BYTES = 16_384


def read_upload(request: HttpRequest) -> "UploadedFile[Any]":
    """The one file of the field `file`. Raises InvalidInput, and RequestDataTooBig unread."""
    limit = settings.EVIDENCE_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + ENVELOPE_BYTES:
        raise RequestDataTooBig
    parser = NamesAsSent(request.META, request, request.upload_handlers, request.encoding)
    fields, files = parser.parse()
    found: list[Any] = files.getlist("file")
    if fields or len(files) != 1 or len(found) != 1:
        rule = ("须在 file 栏上传一个文件，且没有其他栏目", "One file in the field `file`, no more")
        remedy = ("multipart/form-data，栏名 file", "multipart/form-data with the field `file`")
        raise InvalidInput([FieldError("file", *rule, *remedy)])
    upload: UploadedFile[Any] = found[0]
    if (upload.size or 0) > limit:
        raise RequestDataTooBig
    return upload


def content_of(upload: "UploadedFile[Any]") -> bytes:
    """Name and digest: what makes two uploads the same, whatever boundary they were sent with."""
    sha = hashlib.sha256(f"{upload.name}\n".encode())
    for chunk in upload.chunks():
        sha.update(chunk)
    upload.seek(0)
    return sha.digest()
