"""A receipt on paper: the same facts as the JSON, with a QR code; the same bytes every time."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian.proof.receipts import qr_text
from tongdian.service.look import dates
from tongdian.service.look.qr import qr_svg
from tongdian.service.portal.places import district_name
from tongdian.service.portal.selectors import office_names
from tongdian.service.portal.words import HAPPENED, chinese, track_name, who

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "fonts"


def receipt_pdf(receipt: Mapping[str, Any], case: Any) -> bytes:
    """The receipt as PDF. The timestamp is that of the tree head, so the bytes do not vary."""
    stamp = datetime.fromisoformat(receipt["tree_head"]["timestamp"])
    data = json.dumps(_content(receipt, case), ensure_ascii=False)
    pdf: bytes = typst.compile(
        str(HERE / "typst" / "receipt.typ"),
        root=str(HERE / "typst"),
        font_paths=_font_paths(),
        format="pdf",
        sys_inputs={"data": data},
        timestamp=int(stamp.timestamp()),
    )
    return pdf


@cache
def _font_paths() -> list[str]:
    """Our own fonts first; the system's Chinese face where they are not installed."""
    return [str(folder) for folder in (FONTS, Path("/usr/share/fonts")) if folder.is_dir()]


def _content(receipt: Mapping[str, Any], case: Any) -> dict[str, Any]:
    event, head = receipt["event"], receipt["tree_head"]
    header = event["header"]
    actor = header["actor"]
    offices = office_names([str(actor.get("organisation", ""))])
    recorded = datetime.fromisoformat(header["recorded_at"])
    personal = event.get("personal") or {}
    rows = [
        (_("办件编号"), header["case"]),
        (_("事项"), str(HAPPENED.get(header["kind"], header["kind"]))),
        (_("记录时间"), dates.instant_in_full(recorded)),
        (_("由谁作出"), who(actor, offices)),
        (_("办电类型"), track_name(case.track)),
        (_("区、县"), district_name(case.district)),
        (_("用电人"), str(personal.get("name") or case.applicant_masked)),
        (_("用电地址"), str(personal.get("address") or case.address_masked)),
        (_("报装容量"), f"{case.load_kw.normalize():f} kW"),
    ]
    return {
        "lang": "zh" if chinese() else "en",
        "title": _("办电回执"),
        "issuer": _("通电 · 贵阳市获得电力"),
        "headline": header["case"],
        "rows": rows,
        "proof_title": _("证明"),
        "proof": _proof_rows(receipt),
        "how": _(
            "验证：扫描二维码，或打开 %(url)s，上传回执的 JSON 文件。"
            "也可以下载单个程序文件，在自己的电脑上离线验证，不必相信我们。"
        )
        % {"url": f"{settings.PUBLIC_BASE_URL}/verify/"},
        "footer": _("签名时间 %(at)s。本回执由系统生成，任何一处改动都能被查出。")
        % {"at": head["timestamp"]},
        "qr": qr_svg(qr_text(receipt, settings.PUBLIC_BASE_URL)),
    }


def _proof_rows(receipt: Mapping[str, Any]) -> list[tuple[str, str]]:
    event, head, place = receipt["event"], receipt["tree_head"], receipt["inclusion"]
    return [
        (_("事件序号"), str(event["header"]["seq"])),
        (_("事件哈希"), event["hash"]),
        (_("日志位置"), f"{place['leaf_index']} / {place['tree_size']}"),
        (_("树根"), head["root_hash"]),
        (_("签名密钥"), f"{head['log_id']} · {head['key_id']}"),
    ]


def case_qr(number: str) -> SafeString:
    """The QR code that stands on a printed case: the address of its tracking page."""
    return qr_svg(f"{settings.PUBLIC_BASE_URL}/cases/{number}/")
