"""The papers of one packet: each is handed in once and goes to every department that wants it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tongdian.service.approval.process import ITEM_NAMES
from tongdian.service.approval.route_words import listed, pick
from tongdian.works.permits import Assessment


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper; `wanted` are items, or item and sub-item as `municipal.bridge`."""

    kind: str
    zh: str
    en: str
    wanted: tuple[str, ...]

    @property
    def name(self) -> str:
        return pick(self.zh, self.en)

    def items(self, assessment: Assessment) -> list[str]:
        """The items of the assessment that want it, each once."""
        found = []
        for item in assessment.items:
            asked = {item.code, *(f"{item.code}.{sub}" for sub in item.sub_items)}
            if asked & set(self.wanted):
                found.append(item.code)
        return found


# DOMAIN: the national list's items and what they normally ask for.
PAPERS: Final = (
    Paper("planning_document", "规划批准文件", "Planning approval", ("municipal",)),
    Paper("construction_drawing", "施工图（平面、断面）", "Construction drawings",
          ("municipal", "traffic", "green.land", "forest")),
    Paper("works_plan", "施工组织方案", "Plan of the works", ("municipal", "traffic")),
    Paper("traffic_plan", "交通组织方案（含标志、期限）", "Traffic plan with signs and dates",
          ("traffic", "municipal.dig")),
    Paper("pipe_record", "地下管线查询结果", "Record of existing underground lines",
          ("municipal.dig",)),
    Paper("restoration_agreement", "道路、绿化恢复协议", "Agreement to restore road and green",
          ("municipal.dig", "green")),
    Paper("bridge_opinion", "桥梁原设计单位安全意见和荷载验算",
          "Opinion of the bridge's designer, with load calculation", ("municipal.bridge",)),
    Paper("tree_list", "树木清单（树种、胸径、株数）和照片",
          "List of trees (species, diameter, number) with photographs",
          ("green.tree", "green.protected_tree", "forest")),
    Paper("replant_plan", "补植、更新方案", "Plan to replant", ("green", "forest")),
    Paper("owner_consent", "绿地、林木权属人同意书", "Consent of the owner of land and trees",
          ("green", "forest")),
)  # fmt: skip
ROUTE, FORM = "route", "application_form"


def papers_for(assessment: Assessment) -> list[Paper]:
    """What the items of a route ask for, in the order of the packet, each once."""
    return [paper for paper in PAPERS if paper.items(assessment)]


def item_names(codes: Iterable[str]) -> str:
    """The names of items, one after the other."""
    return listed(pick(*ITEM_NAMES[code]) for code in codes)
