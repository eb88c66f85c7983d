"""What a played department says with a status, where the law asks for words: the reasons of a
refusal, the list of what is missing, the notice of a special procedure."""

from collections.abc import Mapping
from typing import Any, Final

REASONS: Final[Mapping[str, Any]] = {
    "blyj": "占用方案影响消防通道（示例）",
    "flyj": "城市道路管理条例 第三十条",
    "jjtj": "调整占用范围后重新申报；也可以在六十日内申请行政复议（示例）",
}
WORDS: Final[Mapping[int, Mapping[str, Any]]] = {
    4: REASONS,
    5: REASONS,
    6: {
        "bzqd": [
            {
                "clbm": "traffic_plan",
                "wt": "交通组织方案没有绘出临时标志（示例）",
                "bzyq": "补充标志布置图并重新上传",
            }
        ]
    },
    9: {"tbcxmc": "专家评审", "tbcxtzs": "评审通知书 2026-1 号（示例）", "tbcxsx": 10},
    10: {"blyj": "评审通过（示例）"},
    11: {"pfwh": "示例许〔2026〕1 号"},
    12: {"pfwh": "示例许〔2026〕1 号", "blyj": "开工前补交施工单位资质（示例）"},
    13: REASONS,
    15: {**REASONS, "xjcn": 0},
}
FIELDS: Final = ("blyj", "flyj", "jjtj", "bzqd", "tbcxmc", "tbcxtzs", "tbcxsx", "pfwh", "xjcn")


def words_for(status: int, given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the standard that a tester gave, and made-up ones for the rest."""
    said = {name: given[name] for name in FIELDS if given.get(name) not in (None, "")}
    return {"blyj": "", **WORDS.get(status, {}), **said}
