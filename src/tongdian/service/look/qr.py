"""QR codes for pages and PDFs."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG of no size of its own, error correction M, four modules of quiet zone."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        buffer, kind="svg", border=4, dark="#14213d", xmldecl=False, svgns=True, omitsize=True
    )
    return mark_safe(buffer.getvalue().decode())
