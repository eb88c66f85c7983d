"""What a process table says, spelled out: every way from a stage to a stage, and what may happen
anywhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tongdian.law.process import BACK, SAME, START, CaseState, Process, Rule

FEW = 2  # a rule from more stages than this that stays in them belongs to no single stage


@dataclass(frozen=True, slots=True)
class Flow:
    """One rule taking a case from `source` (START for none yet) to `target`.

    `tracks` are those for which it leads there; empty when it does for all. `returns` says that it
    goes back to where a rule with `remember` left.
    """

    kind: str
    source: str
    target: str
    tracks: tuple[str, ...] = ()
    returns: bool = False

    @property
    def id(self) -> str:
        return "_".join(("flow", self.kind, self.source or "start", self.target))


def is_anytime(rule: Rule) -> bool:
    """Whether the rule belongs to the case as a whole rather than to one or two stages."""
    return len(rule.sources) > FEW and not rule.leads


def flows_of(process: Process, tracks: Sequence[str]) -> list[Flow]:
    """Every flow between stages, rules and sources in table order. Loops stay at their stage."""
    return [
        flow
        for rule in process.rules.values()
        if not is_anytime(rule)
        for flow in (
            _led(process, rule)
            if rule.leads
            else (
                flow
                for source in sources_of(process, rule)
                for flow in _flows(process, rule, source, tracks)
            )
        )
    ]


def anytime_rules(process: Process) -> list[Rule]:
    """The rules that may happen at many stages."""
    return [rule for rule in process.rules.values() if is_anytime(rule)]


def sources_of(process: Process, rule: Rule) -> list[str]:
    """Where the rule may happen, in table order."""
    return [stage for stage in (START, *process.stages) if stage in rule.sources]


def _led(process: Process, rule: Rule) -> Iterator[Flow]:
    """The ways that a rule tells of itself, because its target looks at the branches."""
    for source, target in rule.leads:
        if target != BACK:
            yield Flow(rule.kind, source, target)
            continue
        left = (way for other in process.rules.values() if other.remember for way in other.leads)
        for back in dict.fromkeys(came for came, _ in left):
            yield Flow(rule.kind, source, back, returns=True)


def parts_of(process: Process) -> list[Process]:
    """The process as it is drawn: the case, and apart from it one of its branches."""
    if not process.branch_stages:
        return [process]
    moving = {kind: rule for kind, rule in process.rules.items() if not _aside(rule)}
    branch = Process(
        f"{process.id}-item",
        f"{process.zh}的一个事项",
        f"One item of: {process.en}",
        process.branch_stages,
        {kind: _of_branch(rule) for kind, rule in process.rules.items() if rule.branching},
    )
    return [replace(process, rules=moving), branch]


def _aside(rule: Rule) -> bool:
    """Whether a rule concerns a branch and leaves the case where it is."""
    return rule.branching and not rule.leads


def _of_branch(rule: Rule) -> Rule:
    """The rule as a branch knows it."""
    fixed = not callable(rule.branch_target)
    ends = (str(rule.branch_target),) if fixed else rule.branch_leads
    told = rule.branch_target != SAME
    # What can be opened again is told by the words; the picture shows where it begins.
    new = rule.opens and START in rule.branch_sources
    sources = [START] if new else sorted(rule.branch_sources)
    ways = tuple((source, end) for source in sources for end in ends) if told else ()
    target = rule.branch_target if fixed else rule.target
    return replace(rule, sources=rule.branch_sources, target=target, leads=ways, remember=False)


def _flows(process: Process, rule: Rule, source: str, tracks: Sequence[str]) -> Iterator[Flow]:
    if callable(rule.target):
        found: dict[str, list[str]] = {}
        for track in tracks:
            state = CaseState(stage=source, track=track)
            found.setdefault(rule.target(state, {}), []).append(track)
        for target, such in found.items():
            yield Flow(rule.kind, source, target, () if len(found) == 1 else tuple(such))
    elif rule.target == SAME:
        yield Flow(rule.kind, source, source)
    elif rule.target == BACK:
        for left in process.rules.values():
            if left.remember and left.target == source:
                for back in sources_of(process, left):
                    yield Flow(rule.kind, source, back, returns=True)
    else:
        yield Flow(rule.kind, source, str(rule.target))
