"""Words for the codes that events about permits carry: papers and the forms they come in."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.service.approval.route_materials import FORM, PAPERS, ROUTE
from tongdian.service.approval.route_words import pick

_OWN: Final = {
    ROUTE: gettext_lazy("外线路径"),
    FORM: gettext_lazy("许可申请表"),
}
# 办件材料的形式, DOMAIN 7.1.
FORMS: Final[Mapping[str, Any]] = {
    "1": gettext_lazy("纸质"),
    "2": gettext_lazy("电子版"),
    "3": gettext_lazy("电子证照"),
    "4": gettext_lazy("容缺，稍后补交"),
    "7": gettext_lazy("告知承诺"),
}


def paper_name(code: str) -> str:
    """A paper of the packet; the code for what is none."""
    paper = next((paper for paper in PAPERS if paper.kind == code), None)
    return pick(paper.zh, paper.en) if paper else str(_OWN.get(code, code))


def correction_choices() -> list[tuple[str, str]]:
    """What a department can find wanting: the papers of the packet and what stands in the form."""
    return [
        *((paper.kind, paper.name) for paper in PAPERS),
        *((code, str(name)) for code, name in _OWN.items()),
        ("other", _("其他")),
    ]


def form_name(code: str) -> str:
    """In which form a paper came."""
    return str(FORMS.get(code, code))
