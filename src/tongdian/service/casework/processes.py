"""The registry of processes: what casework needs to know of each app's process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tongdian.law.clocks import Limit
from tongdian.law.process import CaseState, Process

# The process of those who apply: what is meant where no process is named.
CONNECTION = "connection"
UTILITY_ROLES = frozenset({"clerk", "engineer", "fieldworker", "lead"})


@dataclass(frozen=True)
class ProcessDefinition:
    """A process with its limits, counted steps and the labels of a case row.

    `starts` are the kinds that open a case. `limits(state)` are those of the plan pinned on the
    case. `describe(payload, personal)` gives the label columns from the opening event. Of a process
    with branches: `branch_limits(state, name)`, and the code of the organisation whose each is.
    `readers` are the utility's roles that read the cases of their office; `parties`: applicants
    read their own, and departments what is before them.
    """

    process: Process
    starts: frozenset[str]
    limits: Callable[[CaseState], tuple[Limit, ...]]
    counted_steps: Callable[[CaseState], int]
    describe: Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]
    branch_limits: Callable[[CaseState, str], tuple[Limit, ...]] = lambda state, name: ()
    branch_organisation: Callable[[str], str] = lambda name: ""
    readers: frozenset[str] = UTILITY_ROLES
    parties: bool = True


_definitions: dict[str, ProcessDefinition] = {}


def register(definition: ProcessDefinition) -> None:
    """Called once by each app when it is ready."""
    _definitions[definition.process.id] = definition


def definition_of(process_id: str) -> ProcessDefinition:
    """The definition of a process; KeyError when no installed app declares it."""
    return _definitions[process_id]


def definitions() -> tuple[ProcessDefinition, ...]:
    """All that are declared, in the order of the installed apps."""
    return tuple(_definitions.values())
