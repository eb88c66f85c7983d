"""Files at the desk: what is taken, what is refused, what comes back, and that a file and the
action it belongs to are written together or not at all."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from connection.conftest import Desk
from connection.forms import path, send, shown, state_of
from support.cases import LEAD, WHO, day
from support.situations import data_for, situation
from tongdian.service.casework.models import Case, Event, Evidence
from tongdian.service.connection.actions import act

PDF, PNG, JPG = b"%PDF-1.7 notice", b"\x89PNG\r\n\x1a\n photo", b"\xff\xd8\xff photo"


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def upload(client: Client, number: str, sent: SimpleUploadedFile | None) -> Any:
    return client.post(f"/desk/cases/{number}/evidence/", {"file": sent} if sent else {})


@pytest.mark.parametrize("role", ["clerk", "engineer", "fieldworker", "lead", "officer"])
@pytest.mark.parametrize(("name", "content"), [("通知书.pdf", PDF), ("a.png", PNG), ("b.JPG", JPG)])
def test_a_file_joins_the_case_and_comes_back(
    role: str, name: str, content: bytes, desk: Desk
) -> None:
    number = situation("permits_decided")
    client = desk(role)
    answer = upload(client, number, file(name, content))
    assert answer.status_code == 302
    kept = Evidence.objects.get(case__number=number)
    assert Event.objects.get(case__number=number, kind="evidence_added").payload["digest"] == (
        kept.digest
    )
    page = client.get(f"/desk/cases/{number}/", follow=True).content.decode()
    url = f"/desk/cases/{number}/evidence/{kept.digest}/"
    assert f'href="{url}"' in page
    back = client.get(url)
    assert b"".join(back.streaming_content) == content
    assert back["Content-Disposition"].startswith("attachment")
    assert back["Content-Security-Policy"] == "sandbox"
    assert back["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in back["Cache-Control"]
    assert back["Content-Type"] == kept.media_type


BAD = [
    (file("x.pdf", b"MZ\x90 a program"), "只接受 PDF、PNG、JPG 文件"),
    (file("x.pdf", PNG), "与文件名“x.pdf”不符"),
    (file("x.html", b"<script>alert(1)</script>"), "只接受 PDF、PNG、JPG 文件"),
    (file("empty.pdf", b""), "文件是空的"),
    (None, "没有选择文件"),
]


@pytest.mark.parametrize(("sent", "words"), BAD)
def test_what_is_refused_is_told_beside_the_field(sent: Any, words: str, desk: Desk) -> None:
    number = situation("survey_completed")
    before = state_of(number)
    answer = upload(desk("clerk"), number, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'aria-describedby="file_error"' in page
    assert state_of(number) == before
    assert not Evidence.objects.filter(case__number=number).exists()


def test_a_file_too_large_is_refused(desk: Desk, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 1_048_576
    number = situation("survey_completed")
    answer = upload(desk("clerk"), number, file("big.pdf", PDF + b" " * 1_048_576))
    assert answer.status_code == 422
    assert "文件不能超过 1 MB" in answer.content.decode()


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_who_watches_adds_nothing_but_may_read(role: str, desk: Desk) -> None:
    number = situation("survey_completed")
    upload(desk("clerk"), number, file("a.pdf", PDF))
    before = state_of(number)
    client = desk(role)
    assert upload(client, number, file("b.png", PNG)).status_code == 403
    assert state_of(number) == before
    digest = Evidence.objects.get(case__number=number).digest
    assert client.get(f"/desk/cases/{number}/evidence/{digest}/").status_code == 200


def test_files_of_foreign_cases_are_not_found(desk: Desk) -> None:
    number = situation("survey_completed")
    upload(desk("clerk"), number, file("a.pdf", PDF))
    digest = Evidence.objects.get(case__number=number).digest
    foreign = desk("clerk", "GYPS-520103")
    assert foreign.get(f"/desk/cases/{number}/evidence/{digest}/").status_code == 404
    assert upload(foreign, number, file("b.png", PNG)).status_code == 404
    other = situation("application_accepted")
    assert desk("clerk").get(f"/desk/cases/{other}/evidence/{digest}/").status_code == 404


def test_a_pause_with_a_file_names_it_as_its_evidence(desk: Desk) -> None:
    number = situation("survey_completed")
    client = desk("lead")
    sent = {"clock_paused-file": file("预警.pdf", PDF)}
    answer = send(client, number, "clock_paused", {"ground": "force_majeure"}, follow=False)
    assert answer.status_code == 422
    form = shown(client.get(path(number, "clock_paused")))
    form |= {"clock_paused-ground": "force_majeure", "clock_paused-evidence": "橙色预警 8 号"}
    assert client.post(path(number, "clock_paused"), {**form, **sent}).status_code == 302
    kept = Evidence.objects.get(case__number=number)
    kinds = list(Event.objects.filter(case__number=number).order_by("seq").values_list("kind"))
    assert kinds[-2:] == [("evidence_added",), ("clock_paused",)]
    pause = Event.objects.get(case__number=number, kind="clock_paused")
    assert pause.payload["evidence"] == f"橙色预警 8 号 {kept.digest}"
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert "橙色预警 8 号 预警.pdf" in page


def test_a_file_alone_is_evidence_enough(desk: Desk) -> None:
    number = situation("track_reclassified")
    client = desk("engineer")
    form = shown(client.get(path(number, "track_reclassified")))
    form |= {"track_reclassified-reason": "须立杆", "track_reclassified-clause": "方案 一-1"}
    sent = {"track_reclassified-file": file("现场.jpg", JPG)}
    assert client.post(path(number, "track_reclassified"), {**form, **sent}).status_code == 302
    event = Event.objects.get(case__number=number, kind="track_reclassified")
    assert event.payload["evidence"] == Evidence.objects.get(case__number=number).digest


def test_a_file_is_kept_while_the_form_is_mended(desk: Desk) -> None:
    """A photograph taken outside is not asked for twice because a date was wrong."""
    number = situation("survey_completed")
    client, before = desk("fieldworker"), state_of(number)
    form = shown(client.get(path(number, "survey_completed")))
    form["survey_completed-external_works"] = "no"
    bad = {**form, "survey_completed-surveyed_on": "2999-01-01"}
    sent = {"survey_completed-file": file("现场.jpg", JPG)}
    refused = client.post(path(number, "survey_completed"), {**bad, **sent})
    assert refused.status_code == 422
    assert "已收到文件 现场.jpg" in refused.content.decode()
    assert state_of(number) == before
    again = {**shown(refused), "survey_completed-surveyed_on": day()}
    assert client.post(path(number, "survey_completed"), again).status_code == 302
    assert Evidence.objects.get(case__number=number).name == "现场.jpg"


def test_nobody_takes_anothers_kept_file(desk: Desk) -> None:
    number, other = situation("survey_completed"), situation("application_accepted")
    upload(desk("clerk"), other, file("a.pdf", PDF))
    digest = Evidence.objects.get().digest
    client = desk("fieldworker")
    form = shown(client.get(path(number, "survey_completed")))
    form |= {"survey_completed-external_works": "no", "kept": digest}
    assert client.post(path(number, "survey_completed"), form).status_code == 302
    assert not Evidence.objects.filter(case__number=number).exists()


def test_a_refused_action_takes_its_file_back(desk: Desk) -> None:
    number = situation("survey_completed")
    client = desk("fieldworker")
    form = shown(client.get(path(number, "survey_completed")))
    form["survey_completed-external_works"] = "no"
    data = data_for("clock_paused", Case.objects.get(number=number).folded)
    act(number, "clock_paused", data, actor=LEAD)
    before = state_of(number)
    sent = {"survey_completed-file": file("现场.jpg", JPG)}
    assert client.post(path(number, "survey_completed"), {**form, **sent}).status_code == 409
    assert state_of(number) == before
    assert not Evidence.objects.filter(case__number=number).exists()
    act(number, "clock_resumed", {}, actor=WHO["lead"])
