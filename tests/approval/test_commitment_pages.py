"""Commit, be decided on the spot, be inspected, put right, revoked; restore. Real credit platform
of the sandbox government over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from support.cases import OFFICE, WHO, today
from support.people import make_user, sign_in
from support.sandbox import Sandbox, example, government, sandbox
from support.works import LAT, LON, YOUNG_STREET, draw, photo, prepared, street_corner
from tongdian.law.identifiers import make_uscc
from tongdian.service.approval import checks
from tongdian.service.approval.commitment_deciding import settle_waiting
from tongdian.service.approval.commitment_state import commitments_of
from tongdian.service.approval.false_commitments import report_false_commitments
from tongdian.service.approval.models import PermitDocument
from tongdian.service.approval.route_documents import digest_of, kept
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.exchange.credit import credit_of
from tongdian.service.exchange.registries.configuration import Configuration, use
from tongdian.service.identity.actions import seed_organisations

__all__ = ["government", "sandbox"]
pytestmark = pytest.mark.django_db
BAD = example("失信").person.id_number


@pytest.fixture(autouse=True)
def _city() -> None:
    seed_organisations()
    street_corner(today())


@pytest.fixture
def case(client: Client) -> Case:
    """Filed before any registry is asked, so that the form asks the applicant for everything."""
    with use(Configuration({})):
        return prepared(client)


@pytest.fixture
def platform(case: Case, sandbox: Sandbox) -> Iterator[Sandbox]:
    with use(sandbox.configured(attempts=1, breaker_failures=50, read_seconds=0.4)):
        yield sandbox


@pytest.fixture
def silent() -> Iterator[None]:
    with use(Configuration({})):
        yield


def url(case: Case, rest: str = "commitment/") -> str:
    return f"/permits/{case.number}/{rest}"


def commit(client: Client, case: Case, **changes: Any) -> Any:
    shown = client.get(url(case))
    assert shown.status_code == 200
    data = {
        "letter": shown.context["digest"],
        "declared": ["0", "1", "2", "3"],
        "expected_seq": str(case.seq),
        **changes,
    }
    return client.post(url(case), data)


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def stages(case: Case) -> dict[str, str]:
    case.refresh_from_db()
    return {name: branch.stage for name, branch in case.folded.branches.items()}


def officer() -> Client:
    return sign_in(Client(), make_user("officer", "officer"))


def inspect(client: Client, case: Case, **changes: str) -> Any:
    page = f"/desk/permits/{case.number}/municipal/inspection/"
    shown = client.get(page)
    assert shown.status_code == 200
    answers = {f"result-{check.id}": "met" for check in shown.context["form"].checks}
    return client.post(page, {**answers, "measured-length": "49.8", **changes})


def test_decided_on_the_spot(client: Client, case: Case, platform: Sandbox) -> None:
    response = commit(client, case)
    assert response.headers["Location"] == url(case, "commitment/decision/")
    assert stages(case) == {"municipal": "committed", "traffic": "committed"}
    assert kinds(case)[-2:] == ["commitment_made", "commitment_granted"]
    made = Event.objects.get(case=case, kind="commitment_made")
    letter = kept(case, PermitDocument.Kind.LETTER, made.payload["letter"])
    assert letter is not None
    assert digest_of(letter) == made.payload["letter"]
    assert letter["applicant"] not in str(made.payload)
    assert all(m["form"] == "7" for m in made.payload["materials"])
    shown = client.get(url(case, "commitment/decision/"))
    assert "已当场准予" in shown.content.decode()


def test_the_paper_is_the_same_bytes_again_in_either_language(
    client: Client, case: Case, platform: Sandbox
) -> None:
    commit(client, case)
    (found,) = commitments_of(case)
    page = url(case, f"commitment/{found.digest}.pdf")
    first = client.get(page).content
    client.cookies["language"] = "en"
    assert first.startswith(b"%PDF")
    assert client.get(page).content == first
    assert client.get(url(case, f"commitment/{'0' * 64}.pdf")).status_code == 404
    assert Client().get(page).status_code == 404


@pytest.mark.parametrize("declared", [[], ["0", "1", "2"], ["0", "1", "2", "2"]])
def test_every_declaration_has_to_be_made(
    client: Client, case: Case, platform: Sandbox, declared: list[str]
) -> None:
    assert commit(client, case, declared=declared).status_code == 422
    assert "commitment_made" not in kinds(case)


def test_a_letter_that_changed_is_read_again(client: Client, case: Case, platform: Sandbox) -> None:
    response = commit(client, case, letter="0" * 64)
    assert response.status_code == 422
    assert "有变化" in response.content.decode()
    assert "commitment_made" not in kinds(case)


def test_bad_credit_leaves_the_ordinary_way(client: Client, sandbox: Sandbox) -> None:
    with use(Configuration({})):
        case = prepared(client, id_number=BAD)
    with use(sandbox.configured(attempts=1)):
        response = commit(client, case)
    assert response.status_code == 409
    assert "信用" in response.content.decode()
    assert "commitment_made" not in kinds(case)
    filed = client.post(url(case, "check/"), {})
    assert filed.headers["Location"] == url(case, "filed/")


def test_a_moratorium_shuts_the_commitment(client: Client, case: Case, platform: Sandbox) -> None:
    draw(client, case.number, YOUNG_STREET)
    assert client.get(url(case)).headers["Location"] == url(case, "check/")


def test_a_silent_platform_waits_and_may_be_withdrawn(
    client: Client, case: Case, silent: None
) -> None:
    commit(client, case)
    assert set(stages(case).values()) == {"committing"}
    shown = client.get(url(case, "commitment/decision/")).content.decode()
    assert "信用核查中" in shown
    (found,) = commitments_of(case)
    assert client.get(url(case, f"commitment/{found.digest}.pdf")).status_code == 404
    assert settle_waiting() == 0
    client.post(url(case, "commitment/withdraw/"))
    assert set(stages(case).values()) == {"withdrawn"}
    case.refresh_from_db()
    assert case.stage == "own_works"


def test_the_decision_follows_when_the_platform_answers(
    client: Client, case: Case, platform: Sandbox
) -> None:
    platform.fault("credit", "down", seconds=1)
    commit(client, case)
    assert set(stages(case).values()) == {"committing"}
    platform.well()
    assert settle_waiting() == 1
    assert set(stages(case).values()) == {"committed"}
    assert settle_waiting() == 0


def test_bad_credit_found_later_ends_the_commitment_and_nothing_else(
    client: Client, sandbox: Sandbox
) -> None:
    with use(Configuration({})):
        case = prepared(client, id_number=BAD)
        commit(client, case)
    with use(sandbox.configured(attempts=1)):
        assert settle_waiting() == 1
        assert settle_waiting() == 0
    assert set(stages(case).values()) == {"declined"}
    assert case.stage == "own_works"
    event = Event.objects.get(case=case, kind="commitment_declined")
    assert set(event.payload) == {"credit", "clause"}
    assert event.personal["reason"]
    shown = client.get(url(case, "commitment/decision/")).content.decode()
    assert "不适用告知承诺" in shown
    assert "信用核查中" not in shown
    filed = client.post(url(case, "check/"), {})
    assert filed.headers["Location"] == url(case, "filed/")
    assert set(stages(case).values()) == {"received"}


def test_a_false_commitment_goes_on_record_once_however_long_the_platform_is_silent(
    client: Client, platform: Sandbox
) -> None:
    """By a company of its own, for the platform remembers."""
    with use(Configuration({})):
        case = prepared(client, id_number=make_uscc(7_707))
    commit(client, case)
    page = f"/desk/permits/{case.number}/municipal/inspection/revoke/"
    said = {"reason": "实测 512 米", "clause": "国办发〔2020〕42号", "remedy": "可申请复议"}
    officer().post(page, {**said, "false_commitment": "yes"})
    platform.fault("credit", "down", seconds=1)
    assert report_false_commitments() == 0
    platform.well()
    assert report_false_commitments() == 1
    assert report_false_commitments() == 0
    revoked = case.events.get(kind="commitment_revoked")
    (told,) = case.events.filter(kind="false_commitment_reported")
    assert told.payload["number"] == f"{case.number}-{revoked.seq}"
    assert told.payload["serial"]
    with use(platform.configured(attempts=1)):
        assert credit_of(_number(case)).ok is False


def _number(case: Case) -> str:
    return str(case.events.get(seq=1).personal["id_number"])


def test_what_was_put_right_too_late_is_no_false_commitment(
    client: Client, case: Case, platform: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(client, case)
    at = officer()
    term = today() + timedelta(days=30)
    unmet = {"result-depth": "unmet", "notes": "埋深 0.4 米", "rectify_by": term.isoformat()}
    inspect(at, case, **unmet)
    page = f"/desk/permits/{case.number}/municipal/inspection/revoke/"
    said = {"reason": "逾期未整改", "clause": "国办发〔2020〕42号", "remedy": "可申请复议"}
    early = at.post(page, {**said, "false_commitment": "no"})
    assert early.status_code == 409
    assert term.isoformat() in early.content.decode()
    monkeypatch.setattr(checks, "local_date", lambda now: term + timedelta(days=1))
    assert at.post(page, {**said, "false_commitment": "no"}).status_code == 302
    monkeypatch.undo()
    assert stages(case)["municipal"] == "revoked"
    assert report_false_commitments() == 0
    top = client.get(f"/cases/{case.number}/").content.decode()
    assert "有许可没有取得" in top
    assert "可申请复议" in top
    assert client.get(url(case)).headers["Location"].endswith("/check/"), "no second commitment"
    shown = client.get(url(case, "check/")).content.decode()
    assert "走告知承诺" not in shown
    assert "提交并联审批申请" in shown


def test_a_permit_is_for_its_route_and_for_no_other(
    client: Client, case: Case, platform: Sandbox
) -> None:
    commit(client, case)
    assert stages(case) == {"municipal": "committed", "traffic": "committed"}
    assert "申报许可" not in client.get(f"/cases/{case.number}/").content.decode()
    assert client.get(url(case, "form/")).status_code == 409
    first = commitments_of(case)[0]
    again = {
        "items": ["traffic"],
        "changes": "没有改",
        "materials": list(first.made.payload["materials"]),
    }
    with pytest.raises(NotAllowed, match="route has not changed"):
        act(case.number, "items_resubmitted", again, actor=WHO["engineer"])
    lon, lat = LON, LAT
    assert draw(client, case.number, f"{lon},{lat},直埋\n{lon + 0.0010},{lat}").status_code == 302
    shown = client.get(url(case, "check/"))
    assert [one["code"] for one in shown.context["items"]] == ["municipal", "traffic"]
    assert "申报许可" in client.get(f"/cases/{case.number}/").content.decode()
    assert commit(client, case).status_code == 302
    assert [c.items for c in commitments_of(case)] == [["municipal", "traffic"]] * 2
    decision = client.get(url(case, "commitment/decision/")).content.decode()
    assert "以前的承诺和决定" in decision
    assert f"commitment/{first.digest}.pdf" in decision


def test_inspected_put_right_and_verified(client: Client, case: Case, platform: Sandbox) -> None:
    commit(client, case)
    at = officer()
    assert case.number in at.get("/desk/permits/inspections/").content.decode()
    over = inspect(at, case, **{"measured-length": "300.01"})
    assert over.status_code == 422
    assert "result-length" in over.context["form"].errors
    nothing = inspect(at, case, **{"result-depth": "unmet"})
    assert {"rectify_by", "notes"} <= set(nothing.context["form"].errors)
    term = today().replace(year=today().year + 1).isoformat()
    unmet = {"result-depth": "unmet", "notes": "埋深 0.4 米", "rectify_by": term}
    assert inspect(at, case, **unmet).status_code == 302
    assert stages(case)["municipal"] == "rectifying"
    event = Event.objects.filter(case=case, kind="commitment_inspected").get()
    assert event.payload["way"] == "full"
    assert "埋深 0.4 米" in event.payload["findings"]
    record = event.payload["findings"].rpartition(" ")[2]
    stored = kept(case, PermitDocument.Kind.INSPECTION, record)
    assert stored is not None
    assert stored["lines"][0]["measured"] == "49.8"
    page = url(case, "municipal/rectify/")
    assert "埋深 0.4 米" in client.get(page).content.decode()
    assert client.post(page, {"what_was_done": ""}).status_code == 422
    assert client.post(page, {"what_was_done": "重新开挖，埋深 0.8 米"}).status_code == 302
    assert stages(case)["municipal"] == "committed"
    assert inspect(at, case).status_code == 302
    assert stages(case) == {"municipal": "verified", "traffic": "committed"}


def test_drawn_by_lot_is_inspected_by_sampling(
    client: Client, case: Case, platform: Sandbox
) -> None:
    commit(client, case)
    at = officer()
    at.post("/desk/permits/inspections/draw/", {"percent": "0"})
    assert not at.get("/desk/permits/inspections/").context["draws"]
    at.post("/desk/permits/inspections/draw/", {"percent": "50"})
    shown = at.get("/desk/permits/inspections/")
    ((kept_draw, fair),) = shown.context["draws"]
    assert fair
    assert kept_draw.pool == [f"{case.number}/municipal"]
    assert shown.context["drawn"] == 1
    inspect(at, case)
    event = Event.objects.get(case=case, kind="commitment_inspected")
    assert event.payload["way"] == "sampling"


def test_false_is_revoked_at_once_and_others_only_after_a_term(
    client: Client, case: Case, platform: Sandbox
) -> None:
    commit(client, case)
    at = officer()
    page = f"/desk/permits/{case.number}/municipal/inspection/revoke/"
    said = {"reason": "实测 512 米", "clause": "国办发〔2020〕42号", "remedy": "可申请复议"}
    assert at.post(page, {**said, "false_commitment": "no"}).status_code == 409
    assert at.post(page, {"false_commitment": "yes"}).status_code == 422
    assert stages(case)["municipal"] == "committed"
    assert at.post(page, {**said, "false_commitment": "yes"}).status_code == 302
    assert stages(case)["municipal"] == "revoked"


def test_another_department_keeps_out(client: Client, case: Case, platform: Sandbox) -> None:
    commit(client, case)
    for item, status in (("municipal", 200), ("traffic", 403), ("nonsense", 404)):
        page = f"/desk/permits/{case.number}/{item}/inspection/"
        assert officer_again().get(page).status_code == status, item


def officer_again() -> Client:
    from tongdian.service.identity.models import User

    user = User.objects.filter(username="officer").first() or make_user("officer", "officer")
    return sign_in(Client(), user)


def test_restoration_with_photographs_is_checked(
    client: Client, case: Case, platform: Sandbox
) -> None:
    commit(client, case)
    field = sign_in(Client(), make_user("field", "fieldworker", home=OFFICE))
    page = f"/permits/{case.number}/municipal/restoration/"
    assert set(field.post(page, {}).context["form"].errors) >= {"before", "after"}
    report = {"before": photo("a.png", 1), "after": photo("b.png", 2),
              "completed_on": today().isoformat(), "length_m": "49.8"}  # fmt: skip
    assert field.post(page, report).status_code == 302
    event = Event.objects.get(case=case, kind="restoration_reported")
    (before,) = event.payload["before"]
    picture = client.get(url(case, f"photo/{before}/"))
    assert picture["Content-Type"] == "image/png"
    assert "sandbox" in picture["Content-Security-Policy"]
    assert Client().get(url(case, f"photo/{before}/")).status_code == 404
    tracking = client.get(f"/cases/{case.number}/").content.decode()
    assert f"photo/{before}/" in tracking
    at = officer_again()
    assert case.number in at.get("/desk/permits/restorations/").content.decode()
    check = f"/desk{page}check/"
    assert at.post(check, {"result": "to_be_mended"}).status_code == 422
    mend = {"result": "to_be_mended", "findings": "路面沉降 3 厘米"}
    assert at.post(check, mend).status_code == 302
    assert at.post(check, mend).status_code == 409
    again = {**report, "before": photo("a.png", 1), "after": photo("c.png", 3)}
    assert field.post(page, again).status_code == 302
    assert at.post(check, {"result": "accepted"}).status_code == 302
