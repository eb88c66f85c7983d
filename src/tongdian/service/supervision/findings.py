"""Suspicion, not accusation: findings with their evidence in words, and where to look."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tongdian.indicators import Heaping, heaping, merged
from tongdian.law.plan import load_plan
from tongdian.service.connection.labels import label
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor
from tongdian.service.supervision.figures import PROMISE_COLUMN
from tongdian.service.supervision.models import Finding
from tongdian.service.supervision.names import chinese, district_name
from tongdian.service.supervision.patterns import BACKDATED, BURST, COPIED, EARLY, HEAPING, KINDS
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import Board, board_cases


@dataclass(frozen=True)
class Heap:
    """Many cases of a track in a district that end on the last day of the limit."""

    track: str
    district: str
    limit: int
    measured: Heaping


def stored_findings(actor: Actor, wanted: BoardFilter) -> QuerySet[Finding]:
    """The findings of the period among the cases that `actor` may see, the latest first."""
    first, end = wanted.period.bounds
    found = Finding.objects.filter(recorded_at__gte=first, recorded_at__lt=end)
    cases = board_cases(actor, wanted)
    if cases.query.where:  # for those who see all, a million cases need not be asked
        found = found.filter(case__in=cases.values("id"))
    found = found.select_related("case", "other").defer("case__state", "other__state")
    return found.order_by("-recorded_at", "-id")


def heaps(board: Board) -> list[Heap]:
    """Heaping by track and district, against all other districts; the most striking first."""
    found = []
    for track in board.tracks:
        for district in board.districts:
            heap = _heap(board, track, district)
            if heap.measured.suspicious:
                found.append(heap)
    return sorted(found, key=lambda heap: -heap.measured.z)


def _heap(board: Board, track: str, district: str) -> Heap:
    rule = load_plan().tracks[track]
    days = board.tallies.days[PROMISE_COLUMN[rule.promise_clock]]
    here = merged(c for (t, d, _m), c in days.items() if (t, d) == (track, district))
    elsewhere = merged(c for (t, d, _m), c in days.items() if t == track and d != district)
    limit = rule.promise_working_days
    return Heap(track, district, limit, heaping(here, elsewhere, limit))


def counts_by_kind(found: QuerySet[Finding], heaped: Sequence[Heap]) -> dict[str, int]:
    """How many of each kind, all kinds named."""
    counted = Counter(dict(found.order_by().values_list("kind").annotate(n=Count("id"))))
    return {kind: counted[kind] for kind in KINDS} | {HEAPING: len(heaped)}


def counts_by_district(found: QuerySet[Finding]) -> dict[str, int]:
    """How many cases with a finding in each district."""
    rows = found.order_by().values_list("case__district").annotate(n=Count("case", distinct=True))
    return dict(rows)


def kind_name(kind: str) -> str:
    """What a kind of finding is called."""
    return {
        BURST: _("短时间连续办理"),
        BACKDATED: _("事后补录"),
        EARLY: _("先通电、后受理"),
        COPIED: _("材料重复使用"),
        HEAPING: _("压线集中"),
    }[kind]


def kind_rule(kind: str) -> str:
    """How it is found, and what else it may mean."""
    return {
        BURST: _("三个以上办理环节在两分钟内连续记录。可能是事后一次补录，也可能只是集中录入。"),
        BACKDATED: _(
            "所述发生时间比记录时间早二十四小时以上。时钟按记录时间计算，不受影响；请核对迟录原因。"
        ),
        EARLY: _("所述通电时间早于受理。可能是体外循环，也可能是填错日期。"),
        COPIED: _(
            "同一文件、合同编号或电表编号出现在两个案件里。可能是套用材料，也可能是录错编号。"
        ),
        HEAPING: _(
            "恰好用满时限的案件占比，至少是其他地区的一倍半，且远超偶然（z ≥ 4，双比例检验）。"
        ),
    }[kind]


def evidence_of(finding: Finding) -> str:
    """The evidence of a stored finding in words."""
    numbers = finding.numbers
    if finding.kind == BURST:
        return _("第 %(first)s 至 %(last)s 个事件在 %(seconds)s 秒内记录") % {
            "first": finding.first_seq,
            "last": finding.seq,
            "seconds": int(numbers["seconds"]),
        }
    words = {"seq": finding.seq, "event": event_name(str(numbers.get("kind", "energised")))}
    if finding.kind == BACKDATED:
        words["span"] = span_text(float(numbers["hours"]))
        return _("第 %(seq)s 个事件“%(event)s”在所述时间 %(span)s之后才记录") % words
    if finding.kind == EARLY:
        words |= {"span": span_text(float(numbers["hours"])), "accepted": finding.first_seq}
        return _("所述通电时间比受理（第 %(accepted)s 个事件）早 %(span)s") % words
    words |= {"paper": _short(str(numbers["paper"])), "other_seq": numbers["other_seq"]}
    return (
        _("第 %(seq)s 个事件“%(event)s”的编号 %(paper)s 与另一案件第 %(other_seq)s 个事件相同")
        % words
    )


def heap_evidence(heap: Heap) -> str:
    found = heap.measured
    return _(
        "%(n)s 件中有 %(on)s 件（%(share).0f%%）恰好用满 %(limit)s 个工作日，"
        "其他地区为 %(elsewhere).0f%%（z = %(z).1f）"
    ) % {
        "n": f"{found.cases:,}",
        "on": f"{found.on_limit:,}",
        "share": 100 * found.share,
        "limit": heap.limit,
        "elsewhere": 100 * found.share_elsewhere,
        "z": found.z,
    }


def heap_place(heap: Heap) -> str:
    return f"{district_name(heap.district)} · {label(heap.track)}"


def event_name(kind: str) -> str:
    rule = CONNECTION.rules.get(kind)
    return kind if rule is None else rule.zh if chinese() else rule.en


def span_text(hours: float) -> str:
    """Hours, or days from two days on."""
    if hours < 48:
        return _("%(hours)s 小时") % {"hours": f"{hours:.0f}" if hours >= 10 else f"{hours:.1f}"}
    return _("%(days)s 天") % {"days": f"{hours / 24:.0f}"}


def _short(paper: str) -> str:
    return paper if len(paper) <= 20 else f"{paper[:12]}…"
