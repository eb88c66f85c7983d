"""Files in forms keep the name they were sent with: Django cuts `../../x` down to `x` in silence,
here `evidence.safe_name` gets to refuse it, in words and beside its field."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser

# Harmless in any file system, and still seen by whoever checks the name.
SEPARATORS = str.maketrans({"/": "／", "\\": "＼"})


class NamesAsSent(MultiPartParser):
    """Path separators become their full-width forms; nothing is cut off."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        return file_name.translate(SEPARATORS) or None


class UploadNamesMiddleware:
    """Lets every form be read by `NamesAsSent`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def parse(META: Any, post_data: Any) -> tuple[QueryDict, Any]:
            parser = NamesAsSent(META, post_data, request.upload_handlers, request.encoding)
            return parser.parse()

        request.parse_file_upload = parse  # type: ignore[method-assign]
        return self.get_response(request)
