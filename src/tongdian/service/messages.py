"""Compile every English catalogue (.po) to what Django reads (.mo): `python -m …messages`."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SERVICE = Path(__file__).resolve().parent


def compile_all() -> list[Path]:
    """Compile all catalogues; returns the files written."""
    written = []
    for source in sorted(SERVICE.glob("*/locale/*/LC_MESSAGES/django.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        target = source.with_suffix(".mo")
        with target.open("wb") as file:
            write_mo(file, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    compile_all()
