"""Whatever may happen to a case has words for whoever waits: no code on the page."""

import re

import pytest

from tongdian.service.connection.process import CONNECTION
from tongdian.service.portal.words import HAPPENED, details

CODE = re.compile(r"[a-z]+_[a-z_]+")


@pytest.mark.parametrize("kind", sorted(CONNECTION.rules))
def test_every_event_has_words(kind: str) -> None:
    assert HAPPENED[kind]
    assert not CODE.search(str(HAPPENED[kind]))


def test_details_of_permits_name_item_reason_and_remedy() -> None:
    refused = {
        "item": "green", "result": "refused", "reason": "占用古树保护范围",
        "clause": "城市绿化条例 第二十四条", "remedy": "改变路径后重新申报",
    }  # fmt: skip
    assert details("item_decided", refused) == [
        "许可事项：城市绿地、树木审批",
        "结果：不予许可",
        "理由：占用古树保护范围",
        "依据：城市绿化条例 第二十四条",
        "您可以：改变路径后重新申报",
    ]
    listed = {
        "item": "traffic",
        "items": [{"field": "traffic_plan", "problem": "缺图", "remedy": "补图"}],
    }
    assert details("item_correction_listed", listed) == [
        "许可事项：非交通占用道路审查",
        "交通组织方案（含标志、期限）：缺图 → 补图",
    ]
    assert details("commitment_made", {"items": ["green", "forest"], "letter": "0" * 64}) == [
        "事项：城市绿地、树木审批、林木采伐许可"
    ]
