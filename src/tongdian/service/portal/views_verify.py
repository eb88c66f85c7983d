"""公开验证: check a receipt on the server, or take the single file and check it at home."""

import hashlib
import hmac
from functools import cache
from importlib.resources import files
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tongdian.proof import verify
from tongdian.service.casework.models import Event
from tongdian.service.casework.receipts import head_of_size
from tongdian.service.casework.sequencer import signing_key
from tongdian.service.portal.forms import PartForm
from tongdian.service.portal.words import pick

MAX_BYTES = 4_194_304
TITLES = {
    "verified": gettext_lazy("核验通过"),
    "tampered": gettext_lazy("核验不通过：内容被改动过"),
    "unreadable": gettext_lazy("无法核验"),
    "scanned": gettext_lazy("与日志一致"),
    "not_scanned": gettext_lazy("与日志不一致"),
}


class EitherFile(forms.FileField):
    """One of two ways: neither is optional, and neither is required by itself."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return super().clean(data, initial) if data else None


class EitherText(forms.CharField):
    """The other way."""

    def validate(self, value: Any) -> None:
        """Having nothing here is fine when there is a file; the form decides."""


class ReceiptForm(PartForm):
    """A receipt as a file or pasted."""

    file = EitherFile(
        label=gettext_lazy("回执文件"),
        help_text=gettext_lazy("扩展名为 .json"),
        widget=forms.ClearableFileInput({"accept": ".json,application/json"}),
    )
    text = EitherText(
        label=gettext_lazy("或者把内容粘贴在这里"),
        widget=forms.Textarea({"rows": 5, "spellcheck": "false"}),
        strip=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件太大。回执不会超过 4 MB，请核对是不是选错了文件。"))
        return file

    def document_text(self) -> str:
        """What is to be verified. Raises UnicodeDecodeError for a file that is no text."""
        file = self.cleaned_data.get("file")
        if file:
            return str(file.read(), "utf-8")
        return str(self.cleaned_data.get("text", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("file") and not cleaned.get("text", "").strip():
            self.add_error("file", _("请选择回执文件，或粘贴内容"))
        return cleaned


@cache
def verifier() -> tuple[bytes, str]:
    """The single-file verifier as it is in the package, and its SHA-256."""
    content = files("tongdian.proof").joinpath("verify.py").read_bytes()
    return content, hashlib.sha256(content).hexdigest()


@require_http_methods(["GET", "HEAD", "POST"])
def verify_view(request: HttpRequest) -> HttpResponse:
    """Verify what was sent, or compare what a QR code says with the log."""
    result: dict[str, Any] | None = None
    status = 200
    if request.method == "POST":
        form = ReceiptForm(request.POST, request.FILES)
        if form.is_valid():
            result = _verdict(form)
        status = 200 if result and result["verdict"] != "unreadable" else 422
    else:
        form = ReceiptForm()
    context = {
        "form": form,
        "result": result,
        "scanned": _scanned(request),
        "head": head_of_size(),
        "public_key": signing_key().public_bytes.hex(),
        "sha256": verifier()[1],
        "titles": {name: str(words) for name, words in TITLES.items()},
    }
    return render(request, "portal/verify.html", context, status=status)


def _verdict(form: ReceiptForm) -> dict[str, Any]:
    """`verified`, `tampered` or `unreadable`, with the words of the verifier itself."""
    own_key = signing_key().public_bytes.hex()
    try:
        found = verify.check(verify.parse(form.document_text()), own_key)
    except verify.Tampered as error:
        return {"verdict": "tampered", "text": pick(error.zh, error.en), "part": error.part}
    except verify.Unreadable as error:
        return {"verdict": "unreadable", "text": pick(error.zh, error.en), "part": ""}
    except UnicodeDecodeError:
        return {"verdict": "unreadable", "text": _("这不是文本文件"), "part": ""}
    return {"verdict": "verified", "text": verify.words(found, pick("zh", "en")), "found": found}


def _scanned(request: HttpRequest) -> dict[str, Any] | None:
    """What the QR code of a paper receipt says, held against the log. Whether a case exists shows
    only to somebody who holds its receipt."""
    names = ("case", "seq", "hash", "size", "root")
    given = {name: request.GET.get(name, "")[:64] for name in names}
    if not any(given.values()):
        return None
    matches = False
    numbers = given["seq"] + given["size"]
    if given["seq"] and given["size"] and numbers.isascii() and numbers.isdigit():
        matches = _event_matches(given) and _head_matches(given)
    return {**given, "matches": matches}


def _event_matches(given: dict[str, str]) -> bool:
    event = Event.objects.filter(case__number=given["case"], seq=int(given["seq"][:9])).first()
    if event is None:
        return False
    return hmac.compare_digest(bytes(event.hash).hex()[:16].encode(), given["hash"].encode())


def _head_matches(given: dict[str, str]) -> bool:
    head = head_of_size(int(given["size"][:15]))
    return head is not None and head.root_hash.hex()[:16] == given["root"]


@require_GET
def verifier_file(request: HttpRequest) -> HttpResponse:
    """The verifier: one file, standard library only."""
    content, digest = verifier()
    response = HttpResponse(content, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify.py"'
    response["X-Content-SHA256"] = digest
    return response
