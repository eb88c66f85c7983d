"""Papers from registries in the application form: over real HTTP, with all that can go wrong."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.helpers import PDF, act, codes_of, fill, page
from support.cases import TRACK_FACTS
from support.sandbox import Sandbox, example
from tongdian.law.identifiers import make_resident_id
from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.exchange import facts
from tongdian.service.exchange.fact_following import FACTS
from tongdian.service.exchange.following import follow, install
from tongdian.service.exchange.models import Consent, StoredFact
from tongdian.service.exchange.registries.configuration import Configuration, use
from tongdian.service.exchange.registries.errors import Unreachable
from tongdian.service.exchange.registries.failing import FailingRegistry
from tongdian.service.portal.models import Draft
from tongdian.service.privacy.models import ReadRecord

pytestmark = pytest.mark.django_db

RESIDENT, SHOP, WORKS = example("王小丽"), example("餐饮"), example("机械")


@pytest.fixture
def registries(sandbox: Sandbox) -> Iterator[Sandbox]:
    """As a demo has them, but for shorter patience."""
    options = {"attempts": 1, "read_seconds": 0.5, "breaker_failures": 50}
    with use(sandbox.configured(**options)):
        yield sandbox


def who(holder: Any) -> dict[str, str]:
    """What somebody types who is known to the registries."""
    return {
        "name": holder.person.name,
        "id_number": holder.person.id_number,
        "address": holder.premises.address,
    }


def reach(client: Client, track: str, holder: Any = RESIDENT, **changes: Any) -> str:
    return fill(client, track, stop="facts", **{**who(holder), **changes})


def agree(client: Client) -> Any:
    """Consent; the page with what came of it."""
    answer = client.post(page("facts"), {"facts_choice": "consent"})
    assert answer.headers["Location"] == page("facts")
    return client.get(page("facts"))


def onward(client: Client) -> Case:
    """From the facts to the case, uploading nothing and promising what is asked for."""
    address = client.post(page("facts"), {"next": "1"}).headers["Location"]
    if address == page("documents"):
        rows = client.get(address).context["form"].rows
        later = {f"later-{row.paper.id}": "on" for row in rows if row.later}
        address = client.post(address, later).headers["Location"]
    assert address == page("check")
    sent = client.post(reverse("portal:apply-submit"))
    assert sent.headers["Location"] == reverse("portal:apply-done")
    return Case.objects.latest("id")


def states() -> dict[str, str]:
    return dict(StoredFact.objects.values_list("document", "state"))


def kinds(case: Case) -> list[str]:
    return list(case.events.order_by("seq").values_list("kind", flat=True))


def test_without_registries_the_form_is_as_it_was(client: Client) -> None:
    with use(Configuration({})):
        fill(client, "resident", **who(RESIDENT))
        assert client.get(page("facts")).status_code == 302
        assert client.get(page("check")).context["steps"] == 8


def test_a_contractor_cannot_consent_for_the_owner(client: Client, registries: Sandbox) -> None:
    fill(client, "resident", "contractor", **who(RESIDENT))
    assert client.get(page("facts")).status_code == 302
    assert registries.asked("identity") == 0 or not Consent.objects.exists()


def test_nothing_is_asked_before_consent_and_the_notice_says_what(
    client: Client, registries: Sandbox
) -> None:
    before = registries.asked("identity")
    shown = client.get(reach(client, "resident"))
    text = shown.content.decode()
    for word in ("市公安局", "市自然资源和规划局", "个人信息保护法", "30 天", "撤回"):
        assert word in text
    assert not shown.context["form"].is_bound
    assert registries.asked("identity") == before
    nothing = client.post(page("facts"), {})
    assert nothing.status_code == 422
    assert "facts_choice" in nothing.context["form"].errors
    assert registries.asked("identity") == before


@pytest.mark.parametrize("track", sorted(TRACK_FACTS))
def test_residents_upload_nothing_and_companies_at_most_one(
    client: Client, registries: Sandbox, track: str
) -> None:
    plan = load_plan()
    resident = track == "resident"
    most = plan.value("documents.resident" if resident else "documents.company").value
    high = track.startswith("high")
    reach(client, track, RESIDENT if resident else WORKS if high else SHOP)
    shown = agree(client)
    assert all(fact["proved"] for fact in shown.context["facts"])
    client.post(page("facts"), {"next": "1"})
    rows = client.get(page("documents")).context["form"].rows
    # A sheet that is filled in is no certificate.
    assert sum(row.paper.handling == "ask" for row in rows) <= int(most)
    assert sum(row.paper.handling == "ask" for row in rows) == 0


def test_each_fact_is_shown_with_source_time_and_a_way_to_change(
    client: Client, registries: Sandbox
) -> None:
    reach(client, "resident")
    shown = agree(client)
    text = shown.content.decode()
    assert text.count("已证实") >= 2
    assert "市公安局，20" in text
    assert RESIDENT.premises.address in text
    assert [fact["url"] for fact in shown.context["facts"]] == [page("identity"), page("place")]
    assert shown.context["steps"] == 9


def test_case_keeps_consent_and_facts_by_digest(client: Client, registries: Sandbox) -> None:
    reach(client, "resident")
    agree(client)
    case = onward(client)
    assert kinds(case) == [
        "application_submitted", "consent_given", "fact_obtained", "fact_obtained",
    ]  # fmt: skip
    told = case.events.filter(kind="fact_obtained").first()
    assert told is not None
    stored = StoredFact.objects.get(document=told.payload["document"])
    assert told.payload["serial"] == stored.serial
    assert told.payload["digest"] == stored.proof_digest
    assert len(stored.proof_digest) == 64
    assert stored.sealed["proof"]["signature"]
    assert RESIDENT.person.id_number not in str(told.payload)
    text = client.get(reverse("portal:case", args=[case.number])).content.decode()
    assert stored.serial in text
    assert "政府系统证实的" in text
    assert case.folded.stage == "intake"


def test_every_fetch_is_on_record_as_a_read(client: Client, registries: Sandbox) -> None:
    reach(client, "resident")
    agree(client)
    read = {what for record in ReadRecord.objects.all() for what in record.what}
    assert {"registry:identity", "registry:real_estate"} <= read
    assert set(ReadRecord.objects.values_list("purpose", flat=True)) == {"registry"}


def test_register_of_small_firms_decides_the_track(client: Client, registries: Sandbox) -> None:
    """Nobody has to declare it, and declaring it does not help who is not listed."""
    reach(client, "low_voltage", SHOP)
    shown = agree(client)
    assert "小微企业名录" in shown.content.decode()
    assert Draft.objects.get().answers["applicant_kind"] == "small_micro"
    assert onward(client).track in ("zero_lv", "zero_lv_external")

    other = Client()
    reach(other, "zero_lv", WORKS)
    agree(other)
    assert onward(other).track == "low_voltage"


def test_who_knows_only_a_number_learns_nothing(client: Client, registries: Sandbox) -> None:
    """The name has to agree before anything else is asked, and what is registered is not shown."""
    before = registries.asked("real_estate")
    reach(client, "resident", name="示例·张冒名")
    text = agree(client).content.decode()
    assert RESIDENT.person.name not in text
    assert RESIDENT.premises.real_estate_unit not in text
    assert "与登记的内容不一致" in text
    assert registries.asked("real_estate") == before
    assert states() == {"identity": "unavailable", "premises": "pending"}
    assert StoredFact.objects.filter(sealed__isnull=False).count() == 0


def test_other_property_of_the_holder_is_not_kept(client: Client, registries: Sandbox) -> None:
    reach(client, "resident", address="贵阳市南明区示例路 99 号 1 栋 101")
    text = agree(client).content.decode()
    assert RESIDENT.premises.address not in text
    assert states() == {"identity": "obtained", "premises": "unavailable"}
    client.post(page("facts"), {"next": "1"})
    rows = client.get(page("documents")).context["form"].rows
    assert [(row.paper.id, bool(row.later)) for row in rows] == [("premises", True)]


def test_unknown_person_uploads(client: Client, registries: Sandbox) -> None:
    reach(client, "resident", id_number=make_resident_id(date(1977, 7, 7), 0), name="示例·无名")
    text = agree(client).content.decode()
    assert "登记系统里没有查到" in text
    assert states()["identity"] == "unavailable"


@pytest.mark.parametrize(
    "fault",
    ["down", "error_500", "slow", "garbage", "truncated", "wrong_signature", "another_person"],
)
def test_a_registry_that_fails_holds_nobody_up(
    client: Client, registries: Sandbox, fault: str
) -> None:
    """It is said plainly, the application goes on, and the fact is fetched once it is well."""
    registries.fault("business", fault, seconds=1)
    reach(client, "low_voltage", SHOP)
    text = agree(client).content.decode()
    assert "提交以后我们继续查" in text
    assert states() == {"licence": "pending", "premises": "pending"}
    client.post(page("facts"), {"next": "1"})
    rows = client.get(page("documents")).context["form"].rows
    assert {row.paper.handling for row in rows} == {"waiting", "form"}
    case = onward(client)
    assert kinds(case)[1:] == ["consent_given", "fact_unavailable", "fact_unavailable"]

    registries.well()
    StoredFact.objects.update(next_at=clock.now())
    assert facts.fetch_due() == 2
    assert states() == {"licence": "obtained", "premises": "obtained"}
    assert kinds(case)[-2:] == ["fact_obtained", "fact_obtained"]


def test_asking_again_on_the_page(client: Client, registries: Sandbox) -> None:
    registries.fault("identity", "down")
    reach(client, "resident")
    assert "还在查" in agree(client).content.decode()
    registries.well()
    client.post(page("facts"), {"again": "1"})
    assert states() == {"identity": "obtained", "premises": "obtained"}


def test_a_paper_may_be_uploaded_while_the_registry_is_down(
    client: Client, registries: Sandbox
) -> None:
    registries.fault("business", "down")
    reach(client, "low_voltage", SHOP)
    agree(client)
    client.post(page("facts"), {"next": "1"})
    rows = client.get(page("documents")).context["form"].rows
    sent: dict[str, Any] = {"file-licence": SimpleUploadedFile("执照.pdf", PDF)}
    sent |= {f"later-{row.paper.id}": "on" for row in rows if row.later}
    assert client.post(page("documents"), sent).headers["Location"] == page("check")
    client.post(reverse("portal:apply-submit"))
    documents = Case.objects.get().events.get(seq=1).payload["documents"]
    assert "upload" in {one["source"] for one in documents if one["kind"] == "licence"}


def test_own_upload_asks_for_what_would_be_shared(client: Client, registries: Sandbox) -> None:
    before = registries.asked("identity")
    reach(client, "resident")
    following = client.post(page("facts"), {"facts_choice": "own"}).headers["Location"]
    rows = client.get(following).context["form"].rows
    assert {row.paper.id for row in rows} == {"identity", "premises"}
    assert registries.asked("identity") == before
    assert not Consent.objects.exists()


def test_consent_withdrawn_midway_leaves_nothing(client: Client, registries: Sandbox) -> None:
    reach(client, "low_voltage", SHOP)
    agree(client)
    assert Draft.objects.get().answers["applicant_kind"] == "small_micro"
    answer = client.post(page("facts"), {"withdraw": "1"})
    assert answer.headers["Location"] == page("facts")
    assert client.get(page("facts")).context["notice"]
    assert set(states().values()) == {"deleted"}
    assert StoredFact.objects.filter(sealed__isnull=False).count() == 0
    assert Consent.objects.get().sealed is None
    # What the register had decided counts no more either.
    assert Draft.objects.get().answers["applicant_kind"] == "enterprise"
    asked = registries.asked("business")
    StoredFact.objects.update(next_at=clock.now())
    facts.fetch_due()
    assert registries.asked("business") == asked
    client.post(page("facts"), {"facts_choice": "own"})
    client.post(page("documents"), {"later-licence": "on", "later-premises": "on",
                                    "later-equipment": "on"})  # fmt: skip
    client.post(reverse("portal:apply-submit"))
    assert kinds(Case.objects.get()) == ["application_submitted"]


def test_withdrawal_while_an_answer_is_on_its_way(client: Client, registries: Sandbox) -> None:
    """The answer comes after the withdrawal: it is dropped."""
    reach(client, "resident")

    class Withdraws(FailingRegistry):
        def fetch(self, subject: str, *, purpose: str, consent: str) -> Any:
            Consent.objects.update(withdrawn_at=clock.now())
            StoredFact.objects.update(state="deleted")
            return real.fetch(subject, purpose=purpose, consent=consent)

    found = registries.configured()
    real = found.registries["identity"]
    given = facts.give_consent(
        "draft-0", documents=["identity"], typed=who(RESIDENT), actor=_person()
    )
    found.registries["identity"] = Withdraws("identity")
    with use(found):
        facts.fetch_later(StoredFact.objects.get(consent=given).pk)
    assert states() == {"identity": "deleted"}
    assert StoredFact.objects.get(consent=given).sealed is None


def _person() -> Any:
    from support.cases import person

    return person()


def test_consent_withdrawn_on_the_case_ends_fetching_and_deletes(
    client: Client, registries: Sandbox
) -> None:
    registries.fault("real_estate", "down")
    reach(client, "resident")
    agree(client)
    case = onward(client)
    assert codes_of(client)
    page_of_case = client.get(reverse("portal:case", args=[case.number])).content.decode()
    assert "consent_withdrawn" in page_of_case
    assert act(client, case.number, "consent_withdrawn").status_code == 302
    registries.well()
    asked = registries.asked("real_estate")
    StoredFact.objects.filter(state="pending").update(next_at=clock.now())
    facts.fetch_due()
    assert registries.asked("real_estate") == asked
    assert set(states().values()) == {"deleted"}
    text = client.get(reverse("portal:case", args=[case.number])).content.decode()
    assert "政府系统证实的" not in text
    assert "do/consent_withdrawn" not in text, "there is nothing left to take back"
    assert "请上传撤回授权后缺少的材料" in text
    assert "do/evidence_added/?about=" in text
    lost = client.get(reverse("portal:case", args=[case.number])).context["lost"]
    assert lost
    for paper in lost:
        file = SimpleUploadedFile("证.pdf", b"%PDF-1.7 " + paper.encode())
        sent = act(client, case.number, "evidence_added", {"file": file, "about": paper})
        assert sent.status_code == 302
    text = client.get(reverse("portal:case", args=[case.number])).content.decode()
    assert "请上传撤回授权后缺少的材料" not in text


def test_the_log_itself_ends_it(client: Client, registries: Sandbox) -> None:
    """The follower of the log does the same for withdrawals that come by any other door."""
    reach(client, "resident")
    agree(client)
    install()
    case = onward(client)
    act(client, case.number, "consent_withdrawn")
    sequence_all()
    follow(FACTS)
    assert set(states().values()) == {"deleted"}


def test_changing_who_or_where_asks_for_consent_anew(client: Client, registries: Sandbox) -> None:
    reach(client, "resident")
    agree(client)
    other = example("李建国")
    client.post(page("identity"), {**who(other), "phone": "19900000002"})
    assert client.get(page("facts")).context["notice"]
    assert set(states().values()) == {"deleted"}
    assert client.post(reverse("portal:apply-submit")).headers["Location"] == page("facts")


def test_guessing_people_is_stopped(client: Client, registries: Sandbox) -> None:
    answers = []
    for _guess in range(12):
        reach(client, "resident", name="示例·张冒名")
        answers.append(client.post(page("facts"), {"facts_choice": "consent"}).status_code)
    assert answers[:10] == [302] * 10
    assert answers[10:] == [422] * 2


def test_a_failing_registry_is_given_up_in_the_end(client: Client, registries: Sandbox) -> None:
    given = facts.give_consent(
        "draft-0", documents=["identity"], typed=who(RESIDENT), actor=_person()
    )
    failing = FailingRegistry("identity", [Unreachable])
    with use(Configuration({"identity": failing})):
        for _attempt in range(20):
            StoredFact.objects.filter(state="pending").update(next_at=clock.now())
            facts.fetch_due()
    assert states() == {"identity": "unavailable"}
    assert len(failing.asked) == 9
    assert facts.facts_of(given)[0].rule == Unreachable.rule


def test_facts_end_with_their_time(client: Client, registries: Sandbox) -> None:
    reach(client, "resident")
    agree(client)
    now = clock.now()
    assert (facts.count_expired(now), facts.purge_expired(now)) == (0, 0)
    later = now + timedelta(days=31)
    assert (facts.count_expired(later), facts.purge_expired(later)) == (1, 1)
    assert not StoredFact.objects.exists()


def test_the_person_sees_what_is_kept_and_it_can_be_erased(
    client: Client, registries: Sandbox
) -> None:
    reach(client, "resident")
    agree(client)
    case = onward(client)
    shown = facts.shown_of_case(case.number)
    assert [one["document"] for one in shown] == ["identity", "premises"]
    assert shown[0]["values"]["name"] == RESIDENT.person.name
    assert facts.erase_of_case(case.number) == 1
    assert facts.shown_of_case(case.number) == []
    assert kinds(case)[-1] == "fact_obtained"
