"""Words to people: who is told what, when, once, and with nothing personal left behind."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from support.cases import CLERK, OFFICE, application, journey, person, submit
from support.endpoints import follow
from support.receiving import Received, receiving
from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework import clock
from tongdian.service.casework.processes import definitions
from tongdian.service.connection.actions import act, file_for_owner
from tongdian.service.connection.process import CONNECTION
from tongdian.service.exchange import following, gateway, selectors
from tongdian.service.exchange.models import Message
from tongdian.service.exchange.outbox import after_quiet_hours, mask
from tongdian.service.exchange.schedule import ATTEMPTS
from tongdian.service.exchange.wording import SMS_CHARACTERS, event_templates, template_of

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + "QUJD" * 8
NOON = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def _following(settings: Any) -> None:
    settings.MESSAGE_GATEWAY_SECRET = SECRET
    following.install()


def test_every_template_is_of_an_event_that_exists_and_fits_one_message() -> None:
    kinds = {kind for d in definitions() for kind in d.process.rules}
    assert set(event_templates()) <= kinds
    values = {"number": "GY2611250000001B", "due": "12月31日", "code": "ABCDE-FGHJK"}
    for template in [*event_templates().values(), template_of("owner_code")]:
        zh, en = template.render(values)
        assert "{" not in zh + en
        assert len(zh) <= SMS_CHARACTERS, (template.name, len(zh))


def test_the_applicant_and_the_agent_are_told_once_each() -> None:
    agent = {"name": "示例·代理", "phone": "19900000003"}
    with clock.moved_to(NOON):
        number = submit("zero_lv", agent=agent).case.number
        follow()
    sms = Message.objects.filter(channel="sms").order_by("audience")
    assert [(m.audience, m.to) for m in sms] == [
        ("agent", "199****0003"), ("applicant", "199****0001"),
    ]  # fmt: skip
    assert number in sms[0].text
    assert "月" in sms[0].text
    told = selectors.messages_for(number)
    assert [m.template for m in told] == ["application_submitted"]
    for message in Message.objects.all():
        words = json.dumps([message.text, message.text_en, message.to, message.key])
        assert "示例" not in words
        assert "19900000001" not in words


def test_the_office_is_told_in_the_service() -> None:
    with clock.moved_to(NOON):
        number = submit("low_voltage").case.number
        for kind, role, data in journey("low_voltage")[:4]:
            from support.cases import WHO

            act(number, kind, data, actor=WHO[role])
        follow()
    assert "scheme_accepted" in [m.template for m in selectors.messages_to(OFFICE)]


# Steps in between, what the person did, and what machines note: the case's page shows them.
SILENT = {
    "track_reclassified", "survey_completed", "external_works_completed", "contract_recorded",
    "meter_installed", "assigned", "clock_resumed", "evidence_added", "event_time_corrected",
    "clock_recomputed", "personal_data_erased", "step_rated", "withdrawn", "consent_given",
    "consent_withdrawn", "fact_obtained", "fact_unavailable", "lead_matched", "lead_untied",
    "items_resubmitted", "item_withdrawn", "item_corrected", "permits_received", "item_requested",
    "callback_refused", "item_accepted", "item_special_ended", "commitment_made",
    "commitment_rectified", "restoration_reported", "false_commitment_reported",
}  # fmt: skip


def test_every_event_is_told_or_silent_on_purpose() -> None:
    assert set(CONNECTION.rules) - set(event_templates()) == SILENT


def about_permits(track: str) -> tuple[str, list[tuple[str, str]]]:
    """A case before two departments, filed by the utility or by its applicant."""
    from support.cases import WHO, carry

    number = str(submit(track).case.number)
    carry(number, journey(track)[: 3 if track == "zero_lv_external" else 4])
    filer = WHO["engineer" if track == "zero_lv_external" else "applicant"]
    act(number, "permits_filed", {"items": ["municipal", "green"]}, actor=filer)
    act(number, "permits_received", {}, actor=WHO["window"])
    return number, [("municipal", "granted"), ("green", "refused")]


@pytest.mark.parametrize(
    ("track", "audience"), [("zero_lv_external", OFFICE), ("low_voltage", "parties")]
)
def test_whoever_filed_hears_what_is_lacking(track: str, audience: str) -> None:
    from support.cases import WHO

    with clock.moved_to(NOON):
        number, _ = about_permits(track)
        lacking = [{"field": "works_plan", "problem": "缺修复范围", "remedy": "补充图纸"}]
        data = {"item": "municipal", "items": lacking}
        act(number, "item_correction_listed", data, actor=WHO["officer"])
        follow()
    told = Message.objects.filter(template="item_correction_listed", channel="in_app")
    assert set(told.values_list("audience", flat=True)) == {audience}


def test_a_refusal_is_told_and_a_grant_waits_for_the_joint_decision() -> None:
    from support.cases import WHO

    refusal = {"reason": "穿越绿地", "clause": "城市绿化条例 第十九条", "remedy": "改线"}
    with clock.moved_to(NOON):
        number, results = about_permits("low_voltage")
        for item, result in results:
            more = refusal if result == "refused" else {}
            data = {"item": item, "result": result, **more}
            act(number, "item_decided", data, actor=WHO["officer"])
            follow()
            told = Message.objects.filter(template="item_decided", channel="in_app").count()
            assert told == (result == "refused")
        act(number, "permits_decided", {"document_number": "联审 1 号"}, actor=WHO["window"])
        follow()
    templates = set(Message.objects.values_list("template", flat=True))
    assert {"permits_filed", "item_decided", "permits_decided"} <= templates


def test_history_is_no_news() -> None:
    with clock.moved_to(clock.now() - timedelta(days=3)):
        submit("resident")
    follow()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("hour", "minute", "day", "at"),
    [(7, 59, 0, 8), (8, 0, 0, 8), (20, 59, 0, 20), (21, 0, 1, 8), (23, 30, 1, 8), (0, 0, 0, 8)],
)
def test_quiet_hours(hour: int, minute: int, day: int, at: int) -> None:
    now = NOON.replace(hour=hour, minute=minute)
    sent = after_quiet_hours(now).astimezone(SHANGHAI)
    assert (sent.date() - now.date()).days == day
    assert sent.hour == at
    assert sent == now or sent.minute == 0


def test_a_code_goes_by_night_and_other_words_wait_for_the_morning() -> None:
    night = NOON.replace(hour=22)
    owner = {"name": "示例·业主", "phone": "19900000002"}
    with clock.moved_to(night):
        file_for_owner(application("low_voltage", owner=owner), actor=person("contractor-1"))
        submit("resident")
        follow()
    due = dict(Message.objects.filter(channel="sms").values_list("template", "next_at"))
    assert due["owner_code"] == night
    assert due["application_submitted"] == NOON.replace(day=26, hour=8)


def test_sent_signed_and_then_forgotten(settings: Any) -> None:
    owner = {"name": "示例·业主", "phone": "19900000002"}
    with receiving(lambda _: (202, {}, b'{"id": "g-1"}')) as receiver:
        settings.MESSAGE_GATEWAY_URL = receiver.url
        filed = file_for_owner(
            application("low_voltage", owner=owner), actor=person("contractor-1")
        )
        assert "owner" not in filed.codes
        message = Message.objects.get()
        code = message.sealed["secret"]["code"]
        assert code not in message.text
        assert gateway.send_due() == 1
        assert gateway.send_due() == 0
    (received,) = receiver.seen
    assert received.path.endswith("/messages")
    Webhook(SECRET).verify(received.body, received.headers)
    sent = received.event
    assert set(sent) == {"id", "channel", "to", "template", "text"}
    assert (sent["channel"], sent["to"], sent["template"]) == ("sms", "19900000002", "owner_code")
    assert code in sent["text"]
    assert len(sent["text"]) <= SMS_CHARACTERS
    message.refresh_from_db()
    assert (message.state, message.sealed, message.attempts) == ("sent", None, 1)


def test_a_gateway_that_fails_is_tried_again_and_at_last_given_up(settings: Any) -> None:
    status = [503]

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return status[0], {"Retry-After": "600"}, b""

    with receiving(answer) as receiver, clock.moved_to(NOON):
        settings.MESSAGE_GATEWAY_URL = receiver.url
        submit("resident")
        follow()
        gateway.send_due()
        message = Message.objects.get(channel="sms")
        assert (message.state, message.attempts) == ("pending", 1)
        assert message.next_at == NOON + timedelta(minutes=10)
        assert "503" in message.error
        assert gateway.send_due() == 0
    with receiving(answer) as receiver:
        settings.MESSAGE_GATEWAY_URL = receiver.url
        now = NOON
        for _ in range(ATTEMPTS):
            now += timedelta(hours=27)
            with clock.moved_to(now):
                gateway.send_due()
        assert len({r.event["id"] for r in receiver.seen}) == 1, "the gateway knows it by its id"
    message.refresh_from_db()
    assert (message.state, message.attempts, message.sealed) == ("gave_up", ATTEMPTS, None)


def test_a_number_that_the_gateway_refuses_is_given_up_at_once(settings: Any) -> None:
    with receiving(lambda _: (422, {}, b"")) as receiver, clock.moved_to(NOON):
        settings.MESSAGE_GATEWAY_URL = receiver.url
        submit("resident")
        follow()
        gateway.send_due()
    assert Message.objects.get(channel="sms").state == "gave_up"


def test_without_a_gateway_words_wait() -> None:
    number = submit("resident").case.number
    act(number, "application_accepted", {}, actor=CLERK)
    follow()
    assert gateway.send_due() == 0
    assert set(Message.objects.filter(channel="sms").values_list("state", flat=True)) == {"pending"}


@pytest.mark.parametrize(
    ("address", "masked"),
    [("19900000001", "199****0001"), ("it@example.cn", "i***@example.cn"), ("123", "****"),
     ("", "")],
)  # fmt: skip
def test_masks(address: str, masked: str) -> None:
    assert mask(address) == masked
