"""Whether what a registry says agrees with what was typed; what does not is dropped."""

from collections.abc import Mapping
from typing import Any

from tongdian.service.exchange.registries.errors import Different
from tongdian.service.exchange.registries.plugin import Fact
from tongdian.service.exchange.registries.records import (
    Business,
    Identity,
    Projects,
    RealEstate,
    as_values,
    same_name,
    title_at,
)

# Of these one has to agree with the typed name before anything else is asked: who knows only a
# number learns nothing about its holder.
GATES = ("identity", "licence")
IN_FORCE = frozenset({"valid", "active"})


def judged(fact: Fact, typed: Mapping[str, str]) -> dict[str, Any]:
    """The values that are kept. `typed` has name, id_number and address. Raises Different."""
    record = fact.record
    if isinstance(record, Identity):
        _require(fact, record.id_number == typed["id_number"], "id_number")
        _require(fact, same_name(record.name, typed["name"]), "name")
        _require(fact, record.status in IN_FORCE, "status")
    elif isinstance(record, Business):
        _require(fact, record.uscc == typed["id_number"], "uscc")
        _require(fact, same_name(record.name, typed["name"]), "name")
        _require(fact, record.status in IN_FORCE, "status")
    elif isinstance(record, RealEstate):
        title = title_at(record, typed["address"])
        _require(fact, title is not None, "address")
        assert title is not None
        return as_values(title)
    elif isinstance(record, Projects):
        owners = {project.owner_uscc for project in record.projects}
        _require(fact, owners == {typed["id_number"]}, "owner_uscc")
    return as_values(record)


def _require(fact: Fact, agrees: bool, field: str) -> None:
    if not agrees:
        raise Different(fact.registry, field)
