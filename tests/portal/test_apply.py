"""Applying through the pages: each track, save and return, once only, bad input."""

import threading
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.urls import reverse

from portal.helpers import PDF, answers, codes_of, fill, page, submit
from support.cases import TRACK_FACTS, facts
from support.people import enrol, make_user, sign_in
from support.told import sent_code
from tongdian.service.casework.models import Case, Event, Evidence
from tongdian.service.portal import drafts
from tongdian.service.portal.models import Draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("track", sorted(TRACK_FACTS))
def test_each_track_can_be_applied_for(client: Client, track: str) -> None:
    case = submit(client, track)
    # 10 kV follows from load or two supplies; nobody is asked for a voltage.
    assert case.track == track
    assert case.stage == "intake"
    assert case.channel == "online"
    shown = client.get(reverse("portal:apply-done"))
    assert case.number in shown.content.decode()
    assert len(codes_of(client)) == 1


def test_step_count_is_true(client: Client) -> None:
    """Every page says how many there are, and there are that many."""
    for track, filer in (("resident", "self"), ("zero_lv", "agent")):
        fill(client, track, filer)
        steps = client.get(page("check")).context["steps"]
        walked, address = [], page("filer")
        typed = answers(track, filer)
        while True:
            question = address.rstrip("/").rpartition("/")[2]
            shown = client.get(address)
            walked.append(question)
            assert shown.context["step"] == len(walked)
            assert shown.context["steps"] == steps
            if question == "check":
                break
            data = typed[question]
            if question == "documents":
                rows = shown.context["form"].rows
                data = {f"later-{row.paper.id}": "on" for row in rows}
            address = client.post(address, data).headers["Location"]
        assert len(walked) == steps


def test_resident_is_asked_less(client: Client) -> None:
    fill(client, "resident")
    assert client.get(page("supplies")).status_code == 302
    assert client.get(page("works")).status_code == 302
    assert client.get(page("agent")).status_code == 302


def test_query_code_opens_the_case_from_elsewhere(client: Client) -> None:
    case = submit(client, "resident")
    (code,) = codes_of(client)
    other = Client()
    assert other.get(reverse("portal:case", args=[case.number])).status_code == 404
    response = other.post(reverse("portal:track"), {"number": case.number, "code": code})
    assert response.headers["Location"] == reverse("portal:case", args=[case.number])
    assert other.get(response.headers["Location"]).status_code == 200


def test_codes_are_gone_once_noted(client: Client) -> None:
    submit(client, "resident")
    assert codes_of(client)
    client.post(reverse("portal:apply-done"))
    assert codes_of(client) == []
    assert Draft.objects.get().sealed_codes is None


def test_answers_are_destroyed_on_submission(client: Client) -> None:
    submit(client, "resident")
    assert Draft.objects.get().answers == {}


def test_save_and_return_on_another_device(client: Client) -> None:
    fill(client, "zero_lv", stop="identity")
    bad = {"name": "贵阳示例餐饮有限公司", "id_number": "1234", "phone": "", "save": "1"}
    response = client.post(page("identity"), bad)
    assert response.headers["Location"] == reverse("portal:apply-saved")
    code = client.get(response.headers["Location"]).context["code"]
    assert len(code) == 19

    other = Client()
    response = other.post(reverse("portal:apply-resume"), {"code": f" {code.lower()} "})
    assert response.headers["Location"] == page("identity")
    shown = other.get(page("identity")).content.decode()
    assert "贵阳示例餐饮有限公司" in shown
    assert "1234" in shown
    # The key moved: the first device has to use the code as well.
    assert client.get(page("identity")).headers["Location"] == reverse("portal:apply")


def test_return_code_is_kept_as_digest_only(client: Client) -> None:
    client.post(reverse("portal:apply-begin"))
    code = client.session[drafts.SESSION_CODE]
    key = client.session[drafts.SESSION_KEY]
    stored = str(Draft.objects.values().get())
    assert len(key) == 32
    assert code not in stored
    assert key not in stored


def test_wrong_return_code_says_so_and_guessing_is_stopped(client: Client) -> None:
    statuses = [
        client.post(
            reverse("portal:apply-resume"), {"code": f"2222-2222-2222-22{n:02}"}
        ).status_code
        for n in range(12)
    ]
    assert statuses[:10] == [422] * 10
    assert statuses[10:] == [429] * 2


def test_expired_draft_is_gone(client: Client) -> None:
    from datetime import timedelta

    fill(client, "resident", stop="identity")
    Draft.objects.update(expires_at=Draft.objects.get().created_at - timedelta(seconds=1))
    assert client.get(page("identity")).headers["Location"] == reverse("portal:apply")
    client.post(reverse("portal:apply-begin"))
    assert Draft.objects.count() == 1


def test_precheck_prefills_the_draft(client: Client) -> None:
    client.post(
        reverse("portal:apply-begin"),
        {"applicant_kind": "small_micro", "load_kw": "12", "district": "520103", "stage": "evil"},
    )
    assert Draft.objects.get().answers == {
        "applicant_kind": "small_micro",
        "load_kw": "12",
        "district": "520103",
    }


def test_submitting_twice_gives_the_same_case(client: Client) -> None:
    case = submit(client, "resident")
    again = client.post(reverse("portal:apply-submit"))
    assert again.headers["Location"] == reverse("portal:apply-done")
    assert Case.objects.count() == 1
    assert case.number in client.get(reverse("portal:apply-done")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_racing_submissions_give_one_case(client: Client) -> None:
    fill(client, "resident")
    racers = 6
    barrier, results = threading.Barrier(racers), []

    def press() -> None:
        racer = Client()
        racer.cookies = client.cookies
        barrier.wait()
        response = racer.post(reverse("portal:apply-submit"))
        results.append((response.status_code, response.headers.get("Location")))
        connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(302, reverse("portal:apply-done"))] * racers
    assert Case.objects.count() == 1
    assert len(codes_of(client)) == 1


def test_incomplete_draft_cannot_be_submitted(client: Client) -> None:
    fill(client, "resident", stop="identity")
    response = client.post(reverse("portal:apply-submit"))
    assert response.headers["Location"] == page("identity")
    assert client.get(page("check")).headers["Location"] == page("identity")
    assert not Case.objects.exists()


def test_change_from_check_leads_back_to_check(client: Client) -> None:
    fill(client, "resident")
    response = client.post(page("load"), {"load_kw": "9", "back": "check"})
    assert response.headers["Location"] == page("check")
    assert "9 kW" in client.get(page("check")).content.decode()


def test_change_of_kind_asks_what_is_new(client: Client) -> None:
    """A resident who turns out to be a shop answers what only shops are asked."""
    fill(client, "resident")
    response = client.post(page("applicant"), {"applicant_kind": "small_micro", "back": "check"})
    assert response.headers["Location"] == page("supplies")


@pytest.mark.parametrize(
    ("question", "data", "field"),
    [
        ("filer", {}, "filer"),
        ("applicant", {"applicant_kind": "king"}, "applicant_kind"),
        ("place", {"district": "", "address": "示例路 1 号"}, "district"),
        ("place", {"district": "520102", "address": "路"}, "address"),
        ("place", {"district": "520102", "address": "示例路 1 号", "lon": "1", "lat": "2"}, "lon"),
        ("load", {"load_kw": "0"}, "load_kw"),
        ("load", {"load_kw": "-5"}, "load_kw"),
        ("load", {"load_kw": "99999999"}, "load_kw"),
        ("load", {"load_kw": "很多"}, "load_kw"),
        ("identity", {"name": "示例·张三", "id_number": "52010219900101001X"}, "id_number"),
        ("identity", {"name": "", "id_number": "1", "phone": "12"}, "phone"),
    ],
)
def test_bad_input_is_named_beside_its_field(
    client: Client, question: str, data: dict[str, str], field: str
) -> None:
    """422, the error beside the field and in the summary, and what was typed still typed."""
    fill(client, "resident", stop=question)
    response = client.post(page(question), data)
    assert response.status_code == 422
    assert response.context["form"].errors[field]
    text = response.content.decode()
    assert "error-summary" in text
    for value in data.values():
        if value and field != "applicant_kind":
            assert value in text
    assert not Case.objects.exists()


def test_full_width_digits_are_digits(client: Client) -> None:
    fill(client, "resident", stop="load")
    response = client.post(page("load"), {"load_kw": "１，２００.５"})
    assert response.status_code == 302
    assert Draft.objects.get().answers["load_kw"] == "1200.5"


def test_company_identifier_is_checked(client: Client) -> None:
    fill(client, "zero_lv", stop="identity")
    data = {"name": "示例公司", "id_number": facts("resident")["id_number"], "phone": "19900000001"}
    response = client.post(page("identity"), data)
    assert response.status_code == 422
    assert response.context["form"].errors["id_number"]


def _documents_page(client: Client) -> tuple[str, list[Any]]:
    address = fill(client, "zero_lv", stop="documents")
    return address, client.get(address).context["form"].rows


def test_shared_papers_are_not_asked_for(client: Client) -> None:
    address = fill(client, "resident", stop="documents")
    shown = client.get(address)
    assert shown.context["form"].rows == []
    assert {paper.id for paper in shown.context["shared"]} == {"identity", "premises"}


def test_uploaded_paper_joins_the_case(client: Client) -> None:
    address, rows = _documents_page(client)
    sent = {f"file-{row.paper.id}": SimpleUploadedFile("执照.pdf", PDF) for row in rows}
    assert client.post(address, sent).headers["Location"] == page("check")
    client.post(reverse("portal:apply-submit"))
    case = Case.objects.get()
    kept = Evidence.objects.get()
    assert kept.case == case
    opening = Event.objects.get(case=case, seq=1)
    assert {"kind": "licence", "source": "upload", "digest": kept.digest} in opening.payload[
        "documents"
    ]
    assert Event.objects.filter(case=case, kind="evidence_added").count() == 1


def test_papers_survive_a_change_of_device(client: Client) -> None:
    address, rows = _documents_page(client)
    sent = {f"file-{row.paper.id}": SimpleUploadedFile("a.pdf", PDF) for row in rows}
    client.post(address, {**sent, "save": "1"})
    code = client.session[drafts.SESSION_CODE]
    other = Client()
    assert other.post(reverse("portal:apply-resume"), {"code": code}).headers["Location"] == page(
        "check"
    )
    other.post(reverse("portal:apply-submit"))
    assert Evidence.objects.get().case == Case.objects.get()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"MZ not a document"), ("a.png", PDF), ("a.pdf", b""), (".hidden.pdf", PDF)],
)
def test_bad_file_is_refused_in_words_and_nothing_is_lost(
    client: Client, name: str, content: bytes
) -> None:
    address, _rows = _documents_page(client)
    response = client.post(address, {"file-licence": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert response.context["form"].errors["file-licence"]
    assert not Evidence.objects.exists()
    assert Draft.objects.get().answers["name"] == "贵阳示例餐饮有限公司"


def test_path_in_a_file_name_is_refused(client: Client) -> None:
    """Said beside the field; not cut down to something harmless in silence."""
    address, _rows = _documents_page(client)
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file-licence"; '
        b'filename="../../x.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + PDF + b"\r\n--b--\r\n"
    )
    response = client.post(address, body, content_type="multipart/form-data; boundary=b")
    assert response.status_code == 422
    assert "路径" in str(response.context["form"].errors["file-licence"])
    assert not Evidence.objects.exists()


def test_too_large_file_is_refused(client: Client, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 1_048_576
    address, _rows = _documents_page(client)
    big = SimpleUploadedFile("a.pdf", PDF + b"0" * 1_048_577)
    response = client.post(address, {"file-licence": big})
    assert response.status_code == 422
    assert "1 MB" in str(response.context["form"].errors["file-licence"])


def test_contractor_files_and_owner_confirms(client: Client) -> None:
    case = submit(client, "zero_lv", "contractor")
    assert case.stage == "owner_confirmation"
    assert case.submitted_at is None
    (contractor_code,) = codes_of(client)
    owner_code = sent_code(case.number, "owner")
    assert contractor_code != owner_code
    done = client.get(reverse("portal:apply-done")).content.decode()
    assert owner_code not in done, "who files must not be able to confirm"
    assert "短信发给业主（199****" in done
    confirm = reverse("portal:action", args=[case.number, "owner_confirmed"])
    assert client.get(confirm).status_code == 403

    owner = Client()
    owner.post(reverse("portal:track"), {"number": case.number, "code": owner_code})
    shown = owner.get(confirm)
    assert shown.status_code == 200
    assert "贵阳示例餐饮有限公司" in shown.content.decode()
    response = owner.post(confirm, {"expected_seq": shown.context["expected_seq"]})
    assert response.status_code == 302
    case.refresh_from_db()
    assert case.stage == "intake"
    assert case.submitted_at is not None


def test_staff_that_signs_in_with_an_open_draft_is_told_and_files_nothing(client: Client) -> None:
    fill(client, "resident")
    user = make_user("clerk-1", "clerk")
    enrol(user)
    sign_in(client, user)
    before = Case.objects.count()
    client.raise_request_exception = False
    response = client.post(reverse("portal:apply-submit"))
    assert (response.status_code, Case.objects.count()) == (403, before)
