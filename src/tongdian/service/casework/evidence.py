"""Files that prove something: checked, named by their content, never executed or trusted."""

import hashlib
import re
import unicodedata
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.models import Case, Evidence
from tongdian.service.identity.actors import Actor

SIGNATURES = (
    (b"%PDF-", "application/pdf", (".pdf",)),
    (b"\x89PNG\r\n\x1a\n", "image/png", (".png",)),
    (b"\xff\xd8\xff", "image/jpeg", (".jpg", ".jpeg")),
)

NOT_RECEIVED = (
    "没有收到这个文件",
    "This file has not been received",
    "请先上传文件",
    "Upload the file first",
)


def _error(rule_zh: str, rule_en: str, remedy_zh: str, remedy_en: str) -> InvalidInput:
    return InvalidInput([FieldError("file", rule_zh, rule_en, remedy_zh, remedy_en)])


def safe_name(name: str) -> str:
    """The bare file name. Raises InvalidInput for a name that points anywhere or hides anything."""
    text = unicodedata.normalize("NFC", name)
    if re.search(r"[/\\／＼\x00-\x1f\x7f]|\.\.|^\.|[\u202a-\u202e\u2066-\u2069]", text) or not text:
        raise _error(
            "文件名不能含有路径、控制字符或以点开头",
            "A file name cannot hold a path, control characters, or start with a dot",
            "请把文件改名后再上传，例如 身份证.jpg",
            "Rename the file and upload it again, for example permit.pdf",
        )
    return text[-120:]


def sniff(head: bytes, name: str) -> str:
    """The media type by content. Raises InvalidInput when the file is not what its name says."""
    for magic, media_type, endings in SIGNATURES:
        if head.startswith(magic):
            if not name.lower().endswith(endings):
                raise _error(
                    f"文件内容是 {media_type}，与文件名“{name}”不符",
                    f"The content is {media_type}, which the name {name!r} does not say",
                    "请用正确的扩展名保存后再上传",
                    "Save it with the right ending and upload it again",
                )
            return media_type
    raise _error(
        "只接受 PDF、PNG、JPG 文件",
        "Only PDF, PNG and JPG files are taken",
        "请另存为 PDF 或拍照上传",
        "Save it as PDF or upload a photograph",
    )


def store_evidence(
    upload: "UploadedFile[Any]", *, actor: Actor, case: Case | None = None
) -> Evidence:
    """Keep an uploaded file. The same content of the same person is kept once."""
    name = safe_name(upload.name or "")
    limit = settings.EVIDENCE_MAX_BYTES
    if not upload.size:
        raise _error("文件是空的", "The file is empty", "请重新选择文件", "Choose the file again")
    if upload.size > limit:
        raise _error(
            f"文件不能超过 {limit // 1_048_576} MB",
            f"A file can have {limit // 1_048_576} MB at most",
            "请压缩或分成几个文件",
            "Compress it, or split it",
        )
    media_type = sniff(upload.read(16), name)
    digest = _digest(upload)
    existing = Evidence.objects.filter(
        digest=digest, uploaded_by=actor.pseudonym, case=case
    ).first()
    if existing:
        return existing
    upload.seek(0)
    return Evidence.objects.create(
        case=case,
        digest=digest,
        name=name,
        media_type=media_type,
        size_bytes=upload.size,
        uploaded_by=actor.pseudonym,
        file=File(upload.file, name=digest),
    )


def join(case: Case, digest: str, *, actor: Actor, field: str) -> Evidence:
    """The file that an event names joins the case. Raises InvalidInput for one that nobody has
    received: an event never names what is not there."""
    mine = Evidence.objects.filter(digest=digest, uploaded_by=actor.pseudonym, case__isnull=True)
    mine.update(case=case)
    kept = Evidence.objects.filter(digest=digest, case=case).first()
    if kept is None:
        raise InvalidInput([FieldError(field, *NOT_RECEIVED)])
    return kept


def _digest(file: "BinaryIO | UploadedFile[Any]") -> str:
    file.seek(0)
    sha = hashlib.sha256()
    while chunk := file.read(1 << 20):
        sha.update(chunk)
    return sha.hexdigest()
