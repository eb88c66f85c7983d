"""For each kind of event: a case in which it may happen now, and good data for it."""

from collections.abc import Callable
from typing import Any

from support.cases import WHO, application, carry, day, journey, person, scheme, submit
from tongdian.law.process import CaseState
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, Evidence
from tongdian.service.connection.actions import act, file_for_owner

DIGEST = "ab" * 32

# kind: the track, how many steps of its journey come before, and what else
BEFORE: dict[str, tuple[str, int, tuple[str, ...]]] = {
    "deficiency_listed": ("low_voltage", 0, ()),
    "deficiency_answered": ("low_voltage", 0, ("deficiency_listed",)),
    "application_accepted": ("low_voltage", 0, ()),
    "acceptance_deemed": ("low_voltage", 0, ()),
    "application_not_accepted": ("low_voltage", 0, ()),
    "track_reclassified": ("zero_lv", 1, ()),
    "survey_completed": ("resident", 1, ()),
    "scheme_replied": ("resident", 2, ()),
    "scheme_accepted": ("low_voltage", 3, ()),
    "scheme_disputed": ("low_voltage", 3, ()),
    "permits_filed": ("zero_lv_external", 3, ()),
    "permits_received": ("zero_lv_external", 4, ()),
    "item_accepted": ("zero_lv_external", 4, ()),
    "item_requested": ("zero_lv_external", 4, ()),
    "callback_refused": ("zero_lv_external", 4, ()),
    "item_withdrawn": ("zero_lv_external", 5, ()),
    "item_not_accepted": ("zero_lv_external", 5, ()),
    "item_correction_listed": ("zero_lv_external", 5, ()),
    "item_corrected": ("zero_lv_external", 5, ("item_correction_listed",)),
    "item_special_started": ("zero_lv_external", 5, ()),
    "item_special_ended": ("zero_lv_external", 5, ("item_special_started",)),
    "item_decided": ("zero_lv_external", 5, ()),
    "permits_decided": ("zero_lv_external", 6, ()),
    "items_resubmitted": ("zero_lv_external", 5, ("item_withdrawn",)),
    "permit_revoked": ("zero_lv_external", 7, ()),
    "restoration_reported": ("zero_lv_external", 7, ()),
    "restoration_checked": ("zero_lv_external", 7, ("restoration_reported",)),
    "consent_given": ("resident", 1, ()),
    "consent_withdrawn": ("resident", 1, ("consent_given",)),
    "fact_obtained": ("resident", 1, ()),
    "fact_unavailable": ("resident", 1, ()),
    "lead_matched": ("resident", 1, ()),
    "lead_untied": ("resident", 1, ()),
    "external_works_completed": ("zero_lv_external", 7, ()),
    "completion_reported": ("low_voltage", 4, ()),
    "inspection_passed": ("low_voltage", 5, ()),
    "inspection_failed": ("low_voltage", 5, ()),
    "contract_recorded": ("resident", 3, ()),
    "meter_installed": ("resident", 3, ()),
    "energised": ("resident", 5, ()),
    "step_rated": ("resident", 1, ()),
    "withdrawn": ("resident", 0, ()),
    "assigned": ("resident", 1, ()),
    "clock_paused": ("zero_lv_external", 3, ()),
    "clock_resumed": ("zero_lv_external", 3, ("clock_paused",)),
    "evidence_added": ("zero_lv_external", 4, ()),
    "event_time_corrected": ("resident", 1, ()),
    "clock_recomputed": ("resident", 1, ()),
    "overdue_recorded": ("resident", 1, ()),
    "personal_data_erased": ("resident", 1, ()),
}
DOERS = {
    "deficiency_listed": "clerk",
    "clock_paused": "lead",
    "item_correction_listed": "officer",
    "item_special_started": "officer",
    "item_withdrawn": "engineer",
    "restoration_reported": "fieldworker",
    "consent_given": "applicant",
}


def situation(kind: str) -> str:
    """The number of a case in which `kind` is possible now."""
    if kind == "owner_confirmed":
        return for_owner()
    track, steps, more = BEFORE[kind]
    number = submit(track).case.number
    if steps:
        carry(number, journey(track)[:steps])
    for other in more:
        case = Case.objects.get(number=number)
        upload_for(other, WHO[DOERS[other]].pseudonym)
        act(number, other, data_for(other, case.folded), actor=WHO[DOERS[other]])
    return number


def for_owner() -> str:
    """A case that a contractor filed and the owner has not confirmed."""
    owner = {"name": "示例·业主", "phone": "19900000002"}
    wish = application("low_voltage", owner=owner)
    return file_for_owner(wish, actor=person("contractor-1")).performed.case.number


def upload(pseudonym: str) -> None:
    """A file that this person has uploaded and not yet put on a case."""
    Evidence.objects.get_or_create(
        digest=DIGEST,
        uploaded_by=pseudonym,
        case=None,
        defaults={"name": "photo.jpg", "media_type": "image/jpeg", "size_bytes": 9, "file": "x"},
    )


def upload_for(kind: str, pseudonym: str) -> None:
    """The file that `data_for(kind)` names, as this person would have uploaded it before."""
    if kind in ("evidence_added", "restoration_reported"):
        upload(pseudonym)


def data_for(kind: str, state: CaseState) -> dict[str, Any]:
    """Good data for `kind` in `state`, as a desk form or the API would send it."""
    found = _DATA.get(kind)
    return found(state) if found else {}


def _unrated(state: CaseState) -> str:
    finished = {
        "application": ("application_accepted", "acceptance_deemed"),
        "scheme": ("scheme_replied",),
        "energisation": ("energised",),
    }
    return next(
        step
        for step, kinds in finished.items()
        if any(state.done.get(kind) for kind in kinds) and not state.done.get(f"step_rated:{step}")
    )


def _scheme(state: CaseState) -> dict[str, Any]:
    if state.track != "high_voltage_dual":
        return scheme()
    return scheme(supply_mode="dual", second_source_point="另一示例变电站/10kV II 段/乙线")


def _survey(state: CaseState) -> dict[str, Any]:
    external = "yes" if state.track == "zero_lv_external" else "no"
    return {"surveyed_on": day(), "external_works": external}


REFUSED = {
    "reason": "不属于本部门职责范围",
    "clause": "行政许可法 第三十二条",
    "remedy": "请向市交通委员会申请；不服的可申请行政复议",
}
_DATA: dict[str, Callable[[CaseState], dict[str, Any]]] = {
    "deficiency_listed": lambda _: {
        "items": [{"field": "licence", "problem": "看不清", "remedy": "重拍一张"}]
    },
    "deficiency_answered": lambda _: {"answers": [{"field": "licence", "answer": "已重拍"}]},
    "application_not_accepted": lambda _: {
        "reason_code": "not_supply_area",
        "clause": "电力法 第二十六条",
        "remedy": "请向所在地供电企业申请",
    },
    "track_reclassified": lambda _: {
        "reason": "需新建 120 米电缆",
        "clause": "方案 一-1",
        "evidence": "survey-photo-1",
    },
    "survey_completed": _survey,
    "scheme_replied": _scheme,
    "scheme_disputed": lambda _: {"reason_code": "route", "reason": "路径绕远"},
    "permits_filed": lambda state: {
        "items": ["municipal" if "municipal" not in state.branches else "traffic"],
        "joint_number": "BL-2026-1",
    },
    "items_resubmitted": lambda _: {"items": ["municipal"], "changes": "改为非开挖"},
    "item_accepted": lambda _: {"item": "municipal"},
    "item_requested": lambda _: {"item": "municipal", "request": "REQ-1"},
    "item_withdrawn": lambda _: {"item": "municipal"},
    "item_correction_listed": lambda _: {
        "item": "municipal",
        "items": [{"field": "works_plan", "problem": "缺修复范围", "remedy": "补充图纸"}],
    },
    "item_corrected": lambda _: {"item": "municipal", "answer": "已补充图纸"},
    "item_special_started": lambda _: {
        "item": "municipal",
        "ground": "expert_review",
        "evidence": "评审通知书 2026-1 号",
    },
    "item_special_ended": lambda _: {"item": "municipal", "outcome": "评审通过"},
    "item_decided": lambda _: {"item": "municipal", "result": "granted"},
    "item_not_accepted": lambda _: {"item": "municipal", **REFUSED},
    "permit_revoked": lambda _: {"item": "municipal", **REFUSED},
    "permits_decided": lambda _: {"document_number": "联审〔2026〕1号（示例）"},
    "restoration_reported": lambda _: {
        "item": "municipal",
        "restored": "road",
        "before": [DIGEST],
        "after": [DIGEST],
        "completed_on": day(),
    },
    "restoration_checked": lambda _: {"item": "municipal", "result": "accepted"},
    "consent_given": lambda _: {"documents": ["identity"]},
    "fact_obtained": lambda _: {"document": "identity", "registry": "identity", "serial": "S-1"},
    "fact_unavailable": lambda _: {"document": "identity", "registry": "identity"},
    "lead_matched": lambda _: {"lead": "GY-1", "permit": "520102202601010101", "pushed_at": day()},
    "lead_untied": lambda _: {"lead": "GY-1"},
    "external_works_completed": lambda _: {"length_m": "120", "completed_on": day()},
    "completion_reported": lambda _: {"completed_on": day()},
    "inspection_passed": lambda _: {"inspected_on": day()},
    "inspection_failed": lambda _: {"items": [{"code": "EARTHING", "remedy": "重做接地"}]},
    "contract_recorded": lambda _: {"contract_number": "HT-2026-1", "signed_on": day()},
    "meter_installed": lambda _: {"meter_number": "M-1", "installed_on": day()},
    "energised": lambda _: {"meter_number": "M-1", "initial_reading": "0"},
    "step_rated": lambda state: {"step": _unrated(state), "stars": "5"},
    "assigned": lambda _: {"assignee": "staff-fieldworker"},
    "clock_paused": lambda _: {"ground": "force_majeure", "evidence": "暴雨红色预警 2026-8 号"},
    "evidence_added": lambda _: {
        "digest": DIGEST,
        "media_type": "image/jpeg",
        "size_bytes": 9,
        "name": "photo.jpg",
    },
    "event_time_corrected": lambda state: {
        "seq": state.seq,
        "instant": clock.now().isoformat(),
        "reason": "录入时间有误",
        "evidence": "现场照片的拍摄时间",
    },
    "clock_recomputed": lambda _: {"calendar": "x", "due_before": None, "due_after": None},
    "overdue_recorded": lambda _: {"limits": ["promise"], "escalated_to": ["GYPS-520102"]},
}
