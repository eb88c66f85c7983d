"""Receipts: JSON that verifies, PDF that never varies, and waiting in words."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.helpers import submit
from tongdian.proof import verify
from tongdian.proof.heads import SigningKey, TreeHead, sign_head
from tongdian.proof.receipts import qr_text
from tongdian.service.casework.receipts import NotYetSequenced

pytestmark = pytest.mark.django_db


def receipt(client: Client, number: str, seq: int = 1) -> dict[str, Any]:
    response = client.get(reverse("portal:receipt-json", args=[number, seq]))
    assert response.status_code == 200
    return dict(json.loads(response.content))


def test_receipt_verifies_without_us(client: Client, tmp_path: Path) -> None:
    number = submit(client, "resident").number
    body = receipt(client, number)
    assert body["event"]["personal"]["name"] == "示例·王小丽"
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    tool = tmp_path / "verify.py"
    tool.write_bytes(client.get(reverse("portal:verifier")).content)
    done = subprocess.run(
        [sys.executable, "-I", tool, path, "--json"], capture_output=True, check=False, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["case"] == number


def test_pdf_is_the_same_bytes_every_time(client: Client) -> None:
    number = submit(client, "resident").number
    address = reverse("portal:receipt-pdf", args=[number, 1])
    first, second = client.get(address), client.get(address)
    assert first.headers["Content-Type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-")
    assert first.content == second.content


def test_event_that_is_not_sequenced_yet_gets_a_page_that_refreshes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submit(client, "resident").number

    def not_yet(*args: object, **kwargs: object) -> None:
        raise NotYetSequenced(1)

    monkeypatch.setattr("tongdian.service.portal.views_receipt.receipt_for", not_yet)
    for name in ("receipt", "receipt-json", "receipt-pdf"):
        response = client.get(reverse(f"portal:{name}", args=[number, 1]))
        assert response.status_code == 202
        assert response.headers["Refresh"] == "2"


def test_unknown_event_is_404(client: Client) -> None:
    number = submit(client, "resident").number
    assert client.get(reverse("portal:receipt", args=[number, 99])).status_code == 404


def test_export_verifies(client: Client) -> None:
    number = submit(client, "resident").number
    body = json.loads(client.get(reverse("portal:export", args=[number])).content)
    assert verify.check(body)["kind"] == "case"


def _sent(client: Client, text: str, **more: Any) -> Any:
    return client.post(reverse("portal:verify"), {"text": text, **more})


def test_open_page_verifies_pasted_and_uploaded(client: Client) -> None:
    body = json.dumps(receipt(client, submit(client, "resident").number))
    anyone = Client()
    assert _sent(anyone, body).context["result"]["verdict"] == "verified"
    file = SimpleUploadedFile("receipt.json", body.encode())
    assert _sent(anyone, "", file=file).context["result"]["verdict"] == "verified"


@pytest.mark.parametrize(
    "path",
    [
        ("event", "header", "recorded_at"),
        ("event", "payload", "load_kw"),
        ("event", "personal", "name"),
        ("tree_head", "root_hash"),
        ("tree_head", "signature"),
        ("inclusion", "leaf_index"),
    ],
)
def test_a_changed_receipt_is_named(client: Client, path: tuple[str, ...]) -> None:
    body = receipt(client, submit(client, "resident").number)
    spot = body
    for name in path[:-1]:
        spot = spot[name]
    value = spot[path[-1]]
    changed = {"leaf_index": 7, "name": "示例·别人", "load_kw": "80"}.get(path[-1])
    if changed is None:
        changed = "2020-01-01T00:00:00.000000Z" if "recorded" in path[-1] else f"{'0' * len(value)}"
    spot[path[-1]] = changed
    result = _sent(Client(), json.dumps(body)).context["result"]
    assert result["verdict"] in ("tampered", "unreadable")
    assert result["verdict"] == "tampered" or path[-1] == "leaf_index"
    assert result["text"]


def test_receipt_of_another_key_is_not_ours(client: Client) -> None:
    body = receipt(client, submit(client, "resident").number)
    body["public_key"] = "11" * 32
    assert _sent(Client(), json.dumps(body)).context["result"]["verdict"] == "tampered"


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"format": "other"}', '{"a": 1, "a": 2}'])
def test_what_is_no_receipt_is_unreadable(client: Client, text: str) -> None:
    response = _sent(client, text)
    assert response.status_code == 422
    assert response.context["result"]["verdict"] == "unreadable"


def test_binary_file_and_nothing_at_all(client: Client) -> None:
    response = _sent(client, "", file=SimpleUploadedFile("r.json", b"\xff\xfe\x00"))
    assert response.context["result"]["verdict"] == "unreadable"
    empty = _sent(client, " ")
    assert empty.status_code == 422
    assert empty.context["form"].errors["file"]


def test_scanned_code_is_held_against_the_log(client: Client) -> None:
    body = receipt(client, submit(client, "resident").number)
    address = qr_text(body, "").removeprefix("http://127.0.0.1:8000")
    good = client.get(address)
    assert good.context["scanned"]["matches"]
    forged = address.replace(f"hash={body['event']['hash'][:16]}", f"hash={'0' * 16}")
    unknown = address.replace(body["event"]["header"]["case"], "GY2611240009999X")
    for other in (forged, unknown, "/verify/?case=x", "/verify/?seq=9999999999999999999&size=1"):
        assert not client.get(other).context["scanned"]["matches"]


def test_a_case_of_somebody_elses_making_does_not_pass_for_ours(client: Client) -> None:
    """An export without a log, or signed by another key, fits together; the log never held it."""
    body = json.loads(
        client.get(reverse("portal:export", args=[submit(client, "resident").number])).content
    )
    assert _sent(Client(), json.dumps(body)).context["result"]["verdict"] == "verified"
    unsigned = {name: part for name, part in body.items() if name != "log"}
    assert _sent(Client(), json.dumps(unsigned)).context["result"]["verdict"] == "unreadable"
    key = SigningKey.generate()
    head = TreeHead.from_dict(body["log"]["tree_head"])
    forged = sign_head(
        key, log_id=head.log_id, tree_size=head.tree_size, root_hash=head.root_hash,
        timestamp=head.timestamp,
    )  # fmt: skip
    body["log"] |= {"tree_head": forged.to_dict(), "public_key": key.public_bytes.hex()}
    assert verify.check(body)["kind"] == "case"
    assert _sent(Client(), json.dumps(body)).context["result"]["verdict"] == "tampered"


@pytest.mark.parametrize(
    "query",
    [
        "case=%00&seq=1&hash=0123456789abcdef&size=1&root=0123456789abcdef",
        "case=GY&seq=²&hash=0123456789abcdef&size=1",
    ],
)
def test_a_scanned_code_of_nonsense_breaks_nothing(client: Client, query: str) -> None:
    assert Client(raise_request_exception=False).get(f"/verify/?{query}").status_code in (200, 400)


def test_a_scanned_code_of_no_case_matches_nothing(client: Client) -> None:
    body = receipt(client, submit(client, "resident").number)
    head = body["tree_head"]
    query = f"case=GY0&seq=1&hash={'-' * 16}&size={head['tree_size']}&root={head['root_hash'][:16]}"
    assert not client.get(f"/verify/?{query}").context["scanned"]["matches"]


def test_a_stale_page_sends_odd_digits(client: Client) -> None:
    number = submit(client, "resident").number
    odd = Client(raise_request_exception=False)
    odd.cookies = client.cookies
    response = odd.post(reverse("portal:action", args=[number, "withdrawn"]), {"expected_seq": "²"})
    assert response.status_code < 500
