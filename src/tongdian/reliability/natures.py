"""Nature of an interruption (停电性质) by the state tree of DL/T 836: what it counts as."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

SOURCE: Final = "DL/T 836.2-2016"
FAULT, SCHEDULED = "fault", "scheduled"


@dataclass(frozen=True, slots=True)
class Nature:
    """One nature. `part` is fault or scheduled; `external` is 外部影响, left out of index 2;
    `shortage` is 系统电源不足限电, left out of index 3."""

    code: str
    zh: str
    en: str
    part: str
    external: bool = False
    shortage: bool = False


_ALL: Final = (
    Nature("fault", "内部故障停电", "fault inside the network", FAULT),
    Nature("fault_external", "外部故障停电", "fault outside the network", FAULT, external=True),
    Nature("maintenance", "计划检修停电", "planned maintenance", SCHEDULED),
    Nature("maintenance_temporary", "临时检修停电", "maintenance at short notice", SCHEDULED),
    Nature("works", "内部计划施工停电", "planned works", SCHEDULED),
    Nature("works_temporary", "内部临时施工停电", "works at short notice", SCHEDULED),
    Nature("works_external", "外部计划施工停电", "planned works of others", SCHEDULED,
           external=True),
    Nature("works_external_temporary", "外部临时施工停电", "works of others at short notice",
           SCHEDULED, external=True),
    Nature("request", "用户计划申请停电", "planned at the customer's request", SCHEDULED),
    Nature("request_temporary", "用户临时申请停电", "at the customer's request at short notice",
           SCHEDULED),
    Nature("transfer", "计划调电停电", "planned transfer of supply", SCHEDULED),
    Nature("transfer_temporary", "临时调电停电", "transfer of supply at short notice", SCHEDULED),
    Nature("shortage", "系统电源不足限电", "rationing for want of generation", SCHEDULED,
           shortage=True),
    Nature("network_limit", "供电网限电", "rationing for want of network capacity", SCHEDULED),
)  # fmt: skip

NATURES: Final = MappingProxyType({nature.code: nature for nature in _ALL})
# A log may write the code or the Chinese name.
BY_WORD: Final = MappingProxyType({**NATURES, **{nature.zh: nature for nature in _ALL}})
