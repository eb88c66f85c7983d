"""The kinds and grades of city objects, and what people call them."""

from collections.abc import Mapping
from typing import Final

ROAD, BRIDGE, GREEN, FOREST, TREE = "road", "bridge", "green", "forest", "tree"
KINDS: Final = (ROAD, BRIDGE, GREEN, FOREST, TREE)
KIND_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    ROAD: ("城市道路", "road"),
    BRIDGE: ("桥梁", "bridge"),
    GREEN: ("城市绿地", "green land"),
    FOREST: ("林地", "forest"),
    TREE: ("树木", "tree"),
}
# What `grade` may be for each kind.
GRADES: Final[Mapping[str, tuple[str, ...]]] = {
    ROAD: ("expressway", "arterial", "secondary", "branch", "village"),
    BRIDGE: ("bridge",),
    GREEN: ("park", "green_belt", "protective"),
    FOREST: ("forest",),
    TREE: ("ancient", "big", "street"),
}
GRADE_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "expressway": ("快速路", "expressway"),
    "arterial": ("主干路", "arterial road"),
    "secondary": ("次干路", "secondary road"),
    "branch": ("支路", "branch road"),
    "village": ("村道", "village road"),
    "bridge": ("桥梁", "bridge"),
    "park": ("公园绿地", "park"),
    "green_belt": ("道路绿带", "green belt"),
    "protective": ("防护绿地", "protective green"),
    "forest": ("林地", "forest"),
    "ancient": ("古树名木", "ancient or notable tree"),
    "big": ("大树", "big tree"),
    "street": ("行道树", "street tree"),
}
# How a road came to be on `built_on`: 新建、扩建、改建.
BUILT_AS: Final = ("new", "expanded", "rebuilt")
