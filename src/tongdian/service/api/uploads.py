"""A file in a request, read before anything trusts it: its true name, its size, its digest."""

import hashlib
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser

from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.evidence import safe_name

ENVELOPE_BYTES = 16_384


class _Parser(MultiPartParser):
    """Django cuts `../../x` down to `x` in silence; here it is refused, and the sender is told."""

    def sanitize_file_name(self, file_name: str) -> str:
        return safe_name(file_name)


def read_upload(request: HttpRequest) -> "UploadedFile[Any]":
    """The one file of the field `file`. Raises InvalidInput, and RequestDataTooBig unread."""
    limit = settings.EVIDENCE_MAX_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > limit + ENVELOPE_BYTES:
        raise RequestDataTooBig
    parser = _Parser(request.META, request, request.upload_handlers, request.encoding)
    fields, files = parser.parse()
    found: list[Any] = files.getlist("file")
    if fields or len(files) != 1 or len(found) != 1:
        rule = ("须在 file 栏上传一个文件，且没有其他栏目", "One file in the field `file`, no more")
        remedy = ("multipart/form-data，栏名 file", "multipart/form-data with the field `file`")
        raise InvalidInput([FieldError("file", *rule, *remedy)])
    if found[0].size > limit:
        raise RequestDataTooBig
    upload: UploadedFile[Any] = found[0]
    return upload


def content_of(upload: "UploadedFile[Any]") -> bytes:
    """Name and digest: what makes two uploads the same, whatever boundary they were sent with."""
    sha = hashlib.sha256(f"{upload.name}\n".encode())
    for chunk in upload.chunks():
        sha.update(chunk)
    upload.seek(0)
    return sha.digest()
