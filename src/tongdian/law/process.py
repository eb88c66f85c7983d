"""The vocabulary of a process: stages held by lanes, event rules, and the fold into a state.

A process is one table (`Process`). The fold, the list of allowed actions, the diagram and the
documentation all come from it. Nothing here knows a database or a clock.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Lane(StrEnum):
    """Who holds a case, and so whose time runs."""

    APPLICANT = "applicant"
    UTILITY = "utility"
    GOVERNMENT = "government"


LANE_NAMES = {
    Lane.APPLICANT: ("申请人", "Applicant"),
    Lane.UTILITY: ("供电企业", "Utility"),
    Lane.GOVERNMENT: ("政府部门", "Government"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A place where a case can be.

    `totals` names the clock totals that the working days spent here are charged to; a stage before
    the application is complete is charged to none.
    """

    id: str
    zh: str
    en: str
    lane: Lane | None
    totals: frozenset[str] = frozenset()
    outcome: str | None = None

    @property
    def terminal(self) -> bool:
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an event may not happen now: the rule, its clause, and what to do instead."""

    rule_zh: str
    rule_en: str
    clause: str = ""
    remedy_zh: str = ""
    remedy_en: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """One lane holding the case in one stage over [start, end); `end` is None while it lasts."""

    lane: str
    stage: str
    start: datetime
    end: datetime | None = None
    ground: str | None = None

    @property
    def paused(self) -> bool:
        return self.ground is not None

    def to_json(self) -> dict[str, Any]:
        return {
            "lane": self.lane,
            "stage": self.stage,
            "start": _text(self.start),
            "end": _text(self.end) if self.end else None,
            "ground": self.ground,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Hold":
        end = data["end"]
        return cls(
            data["lane"],
            data["stage"],
            datetime.fromisoformat(data["start"]),
            datetime.fromisoformat(end) if end else None,
            data["ground"],
        )


@dataclass(frozen=True, slots=True)
class Branch:
    """One of the things that go on side by side within a case, such as one permit of several: its
    own stage, holds, and what its rules counted and recorded since it was opened (again)."""

    stage: str
    holds: tuple[Hold, ...] = ()
    done: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "stage": self.stage,
            "holds": [hold.to_json() for hold in self.holds],
            "done": dict(self.done),
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Branch":
        holds = tuple(Hold.from_json(hold) for hold in data["holds"])
        return cls(data["stage"], holds, dict(data["done"]), dict(data["facts"]))


@dataclass(frozen=True, slots=True)
class CaseState:
    """The fold of a case's events. Holds no personal data.

    `done` counts event kinds; `facts` keeps what rules record (scheme, survey, …) by rule kind;
    `instants` keeps the effective instant of the first event of each kind; `branches` are what goes
    on side by side, by name.
    """

    seq: int = 0
    stage: str = ""
    track: str = ""
    plan: str = ""
    holds: tuple[Hold, ...] = ()
    done: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    instants: Mapping[str, datetime] = field(default_factory=dict)
    return_stage: str = ""
    outcome: str | None = None
    closed_at: datetime | None = None
    branches: Mapping[str, Branch] = field(default_factory=dict)

    @property
    def lane(self) -> str | None:
        return self.holds[-1].lane if self.holds and self.outcome is None else None

    @property
    def pause_ground(self) -> str | None:
        return self.holds[-1].ground if self.holds and self.outcome is None else None

    def to_json(self) -> dict[str, Any]:
        data = {
            "seq": self.seq,
            "stage": self.stage,
            "track": self.track,
            "plan": self.plan,
            "holds": [hold.to_json() for hold in self.holds],
            "done": dict(self.done),
            "facts": dict(self.facts),
            "instants": {kind: _text(at) for kind, at in self.instants.items()},
            "return_stage": self.return_stage,
            "outcome": self.outcome,
            "closed_at": _text(self.closed_at) if self.closed_at else None,
        }
        if self.branches:
            data["branches"] = {name: branch.to_json() for name, branch in self.branches.items()}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "CaseState":
        closed = data["closed_at"]
        return cls(
            seq=data["seq"],
            stage=data["stage"],
            track=data["track"],
            plan=data["plan"],
            holds=tuple(Hold.from_json(hold) for hold in data["holds"]),
            done=dict(data["done"]),
            facts=dict(data["facts"]),
            instants={
                kind: datetime.fromisoformat(text) for kind, text in data["instants"].items()
            },
            return_stage=data["return_stage"],
            outcome=data["outcome"],
            closed_at=datetime.fromisoformat(closed) if closed else None,
            branches={
                name: Branch.from_json(branch) for name, branch in data.get("branches", {}).items()
            },
        )


START = ""
SAME = "="
BACK = "<"
EVERY = "*"

Guard = Callable[[CaseState, Mapping[str, Any]], Refusal | None]
Target = str | Callable[[CaseState, Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of event: from which stages, to which, by whom, under which guards.

    `target` is a stage id, SAME, BACK (the stage remembered by a rule with `remember`), or a
    function of state and payload. `clock` says in words what the event does to the clock. A
    `retroactive` event counts from when the stage that it leaves began: the law says it was so
    all along. `holders`: roles that may do it only while their own lane holds the case.
    """

    kind: str
    zh: str
    en: str
    roles: frozenset[str]
    sources: frozenset[str]
    target: Target = SAME
    guards: tuple[Guard, ...] = ()
    clock_zh: str = "不影响时限"
    clock_en: str = "No effect on the clock"
    record: bool = False
    remember: bool = False
    pauses: bool = False
    resumes: bool = False
    retracks: bool = False
    manual: bool = True
    retroactive: bool = False
    counts_by: str = ""
    holders: Mapping[str, Lane] = field(default_factory=dict)
    opens: str = ""
    branch: str = ""
    branch_sources: frozenset[str] = frozenset()
    branch_target: Target = SAME
    leads: tuple[tuple[str, str], ...] = ()
    branch_leads: tuple[str, ...] = ()

    @property
    def branching(self) -> bool:
        """Whether it opens or moves branches."""
        return bool(self.opens or self.branch)


@dataclass(frozen=True, slots=True)
class FoldEvent:
    """What the fold needs of an event. `instant` is the effective one, see `effective_instants`."""

    seq: int
    kind: str
    instant: datetime
    payload: Mapping[str, Any]


class ProcessError(ValueError):
    """An event that the process table does not allow; carries the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule_en)
        self.refusal = refusal


@dataclass(frozen=True)
class Process:
    """A process table. `branch_stages` are where the branches of a case can be, `branch_names` what
    they are called (zh, en)."""

    id: str
    zh: str
    en: str
    stages: Mapping[str, Stage]
    rules: Mapping[str, Rule]
    branch_stages: Mapping[str, Stage] = field(default_factory=dict)
    branch_names: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def refusal(
        self, state: CaseState, kind: str, payload: Mapping[str, Any] | None = None
    ) -> Refusal | None:
        """Why `kind` may not happen in `state`, or None. Guards run only when a payload is given
        or when they do not look at it."""
        rule = self.rules.get(kind)
        if rule is None:
            return Refusal(f"没有“{kind}”这种事件", f"There is no event kind {kind!r}")
        if state.stage not in rule.sources:
            stage = self.stages.get(state.stage)
            here_zh, here_en = (stage.zh, stage.en) if stage else ("尚未申请", "not yet filed")
            return Refusal(
                f"“{rule.zh}”不能在“{here_zh}”环节进行",
                f"“{rule.en}” is not possible at the stage “{here_en}”",
            )
        if state.pause_ground is not None and not (rule.resumes or _passes_pause(rule)):
            return Refusal(
                f"办理已中止，恢复前不能“{rule.zh}”",
                f"The clock is paused; “{rule.en}” has to wait until it is resumed",
                remedy_zh="先恢复计时",
                remedy_en="Resume the clock first",
            )
        if rule.branching:
            refusal = self._branch_refusal(state, rule, payload)
            if refusal is not None:
                return refusal
        for guard in rule.guards:
            refusal = guard(state, {} if payload is None else payload)
            if refusal is not None:
                return refusal
        return None

    def _branch_refusal(
        self, state: CaseState, rule: Rule, payload: Mapping[str, Any] | None
    ) -> Refusal | None:
        """Why the branches that the payload names do not stand where `rule` finds them; without a
        payload, whether any does."""
        standing = [name for name, b in state.branches.items() if b.stage in rule.branch_sources]
        nothing = not standing and START not in rule.branch_sources
        if nothing and (rule.branch == EVERY or not payload):
            return Refusal(f"没有可以“{rule.zh}”的事项", f"Nothing here is open to “{rule.en}”")
        if not payload or rule.branch == EVERY:
            return None
        for name in _named(rule, payload):
            branch = state.branches.get(name)
            if (branch.stage if branch else START) in rule.branch_sources:
                continue
            zh, en = self.branch_names.get(name, (name, name))
            if branch is None:
                return Refusal(f"没有申报“{zh}”", f"“{en}” has not been filed for")
            stage = self.branch_stages[branch.stage]
            return Refusal(
                f"“{zh}”{stage.zh}，不能“{rule.zh}”",
                f"“{en}” is at “{stage.en}”: “{rule.en}” is not possible",
            )
        return None

    def roles_of(self, rule: Rule, state: CaseState) -> frozenset[str]:
        """The roles that may use `rule` in `state`: nobody stops or starts another lane's clock."""
        stage = self.stages.get(state.stage)
        lane = stage.lane if stage else None
        return frozenset(role for role in rule.roles if rule.holders.get(role, lane) == lane)

    def allowed(self, state: CaseState, roles: Iterable[str]) -> list[Rule]:
        """The rules that someone with `roles` may use now, in table order."""
        mine = frozenset(roles)
        return [
            rule
            for rule in self.rules.values()
            if rule.manual
            and self.roles_of(rule, state) & mine
            and self.refusal(state, rule.kind) is None
        ]

    def apply(self, state: CaseState, event: FoldEvent) -> CaseState:
        """The state after `event`. Raises ProcessError when the table does not allow it."""
        refusal = self.refusal(state, event.kind, event.payload)
        if refusal is not None:
            raise ProcessError(refusal)
        return self._advance(state, self.rules[event.kind], event)

    def fold(self, events: Iterable[FoldEvent]) -> CaseState:
        """The state of a whole case, from nothing."""
        state = CaseState()
        for event in events:
            state = self.apply(state, event)
        return state

    def _advance(self, state: CaseState, rule: Rule, event: FoldEvent) -> CaseState:
        payload = event.payload
        instant = state.holds[-1].start if rule.retroactive and state.holds else event.instant
        if rule.branching:
            state = replace(state, branches=self._move(state, rule, payload, instant))
        target_id, back = self._target(state, rule, payload)
        stage = self.stages[target_id]
        track = str(payload["to"]) if rule.retracks else str(payload.get("track") or state.track)
        ground = state.pause_ground
        if rule.pauses and not rule.branch:
            ground = str(payload["ground"])
        elif (rule.resumes and not rule.branch) or target_id != state.stage:
            ground = None
        facts = state.facts
        if rule.record and rule.branch in ("", EVERY):
            facts = {**facts, rule.kind: dict(payload)}
        instants = state.instants
        if rule.kind not in instants:
            instants = {**instants, rule.kind: instant}
        return_stage = "" if back else state.return_stage
        if rule.remember and not state.return_stage and not back:
            return_stage = state.stage
        branches = state.branches
        if stage.terminal and state.outcome is None:
            branches = {name: _ended(branch, instant) for name, branch in branches.items()}
        return replace(
            state,
            seq=event.seq,
            stage=target_id,
            track=track if state.stage == START or rule.retracks else state.track,
            plan=state.plan or str(payload.get("plan", "")),
            holds=_rehold(state.holds, stage, ground, instant),
            done=_count(state.done, rule, payload),
            facts=facts,
            instants=instants,
            return_stage=return_stage,
            outcome=stage.outcome,
            closed_at=(state.closed_at or instant) if stage.terminal else None,
            branches=branches,
        )

    def _target(self, state: CaseState, rule: Rule, payload: Mapping[str, Any]) -> tuple[str, bool]:
        """The stage, and whether it is the remembered one."""
        target = rule.target(state, payload) if callable(rule.target) else rule.target
        if target == BACK:
            return state.return_stage or state.stage, True
        return state.stage if target == SAME else target, False

    def _move(
        self, state: CaseState, rule: Rule, payload: Mapping[str, Any], instant: datetime
    ) -> dict[str, Branch]:
        """The branches after a rule that opens or moves some."""
        branches = dict(state.branches)
        if rule.branch == EVERY:
            names = [name for name, b in branches.items() if b.stage in rule.branch_sources]
        else:
            names = _named(rule, payload)
        for name in names:
            branch = branches.get(name, Branch(START))
            target = rule.branch_target
            target_id = target(state, payload) if callable(target) else target
            stage = self.branch_stages[branch.stage if target_id == SAME else target_id]
            ground = branch.holds[-1].ground if branch.holds and target_id == SAME else None
            if rule.pauses:
                ground = str(payload["ground"])
            facts, done = ({}, {}) if rule.opens else (branch.facts, branch.done)
            if rule.record and rule.branch:
                facts = {**facts, rule.kind: dict(payload)}
            branches[name] = Branch(
                stage.id,
                _rehold(branch.holds, stage, ground, instant),
                {**done, rule.kind: done.get(rule.kind, 0) + 1},
                facts,
            )
        return branches


def _named(rule: Rule, payload: Mapping[str, Any]) -> list[str]:
    """The branches that a payload names."""
    if rule.opens:
        return [str(name) for name in payload.get(rule.opens, ())]
    return [str(payload.get(rule.branch, ""))]


def _ended(branch: Branch, instant: datetime) -> Branch:
    """A branch of a case that has ended: nobody holds it any more."""
    if not branch.holds or branch.holds[-1].end is not None:
        return branch
    *before, last = branch.holds
    return replace(branch, holds=(*before, replace(last, end=instant)))


def _count(done: Mapping[str, int], rule: Rule, payload: Mapping[str, Any]) -> dict[str, int]:
    """Count the kind, and under `kind:value` what a rule with `counts_by` tells apart."""
    keys = [rule.kind]
    if rule.counts_by:
        keys.append(f"{rule.kind}:{payload[rule.counts_by]}")
    return {**done, **{key: done.get(key, 0) + 1 for key in keys}}


def _passes_pause(rule: Rule) -> bool:
    """Events that change no stage and no clock are fine during a pause, and all that the system
    itself records: a pause hides nothing. So is a withdrawal."""
    kept = rule.record and rule.manual
    return rule.kind == "withdrawn" or (rule.target == SAME and not rule.pauses and not kept)


def _rehold(
    holds: tuple[Hold, ...], stage: Stage, ground: str | None, instant: datetime
) -> tuple[Hold, ...]:
    """Close the open hold and open the next, unless lane, stage and pause stay the same."""
    if holds and holds[-1].end is None:
        last = holds[-1]
        if (last.stage, last.ground) == (stage.id, ground) and not stage.terminal:
            return holds
        holds = (*holds[:-1], replace(last, end=instant))
    if stage.terminal or stage.lane is None:
        return holds
    return (*holds, Hold(stage.lane.value, stage.id, instant, None, ground))


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
