"""Files of people, sealed on the disk: whoever copies the folder reads nothing without the keys.

A file is sealed whole (uploads have ten megabytes at most). Its name stays what it was.
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from tongdian.service.sealing.cipher import HEAD, seal, sealed_with, unseal

# No file that is taken begins like this: what was kept before files were sealed stays readable.
MARK = b"\x00tongdian-sealed\n"
TAG_BYTES = 16
PLACE = "files"


class SealedStorage(FileSystemStorage):
    """Seals what is saved and opens what is read; `path` leads to the sealed form."""

    def _save(self, name: str, content: Any) -> str:
        content.seek(0)
        sealed = ContentFile(self.sealed(content.read()))
        return str(super()._save(name, sealed))  # type: ignore[misc]

    def _open(self, name: str, mode: str = "rb") -> File:  # type: ignore[type-arg]
        if mode != "rb":
            raise ValueError("a sealed file is only read, or written anew")
        with super()._open(name, "rb") as file:  # type: ignore[misc]
            stored = file.read()
        plain = unseal(stored[len(MARK) :], PLACE) if stored.startswith(MARK) else stored
        return File(BytesIO(plain), name=name)

    @staticmethod
    def sealed(plain: bytes) -> bytes:
        """A file as it lies on the disk."""
        return MARK + seal(plain, PLACE)

    @staticmethod
    def key_of(path: Path) -> int | None:
        """The id of the key that a file on the disk is sealed with; None when it is not."""
        with path.open("rb") as file:
            head = file.read(len(MARK) + HEAD)
        return sealed_with(head[len(MARK) :]) if head.startswith(MARK) else None

    def size(self, name: str) -> int:
        """The size of what it holds."""
        stored = super().size(name)
        with super()._open(name, "rb") as file:  # type: ignore[misc]
            is_sealed = file.read(len(MARK)) == MARK
        return stored - len(MARK) - HEAD - TAG_BYTES if is_sealed else stored
