"""One changed byte anywhere does not verify, and the verifier names the part."""

import copy
import json
import random
import string
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from support.proof_samples import SampleLog, at, changed, leaves, path_text
from tongdian.proof import verify

WHITESPACE = " \t\n\r"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of signatures: the library's check, which test_ed25519 holds equal to ours."""

    def check(public: bytes, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True

    monkeypatch.setattr(verify, "verify_signature", check)


def other_values(value: Any) -> Iterator[Any]:
    """Values a forger might put instead, of the same and of other types."""
    if isinstance(value, bool) or value is None:
        yield from (True, False, None, 0, "", {})
    elif isinstance(value, str):
        if value:
            yield value[:-1] + ("0" if value[-1] != "0" else "1")
            yield ("f" if value[0] != "f" else "e") + value[1:]
            yield value[:-1]
        yield from (value + "0", value.upper(), value + " ", None, 0, [value])
    elif isinstance(value, int | float):
        yield from (value + 1, value - 1, -value - 1, value + 0.5, str(value), True, None, 2**60)
    else:
        yield from ([None], {"a": 1}, "", None)


def mutations(document: Any) -> Iterator[tuple[str, Any]]:
    for path in leaves(document):
        value = at(document, path)
        for other in other_values(value):
            if json.dumps(other) != json.dumps(value):
                yield path_text(path), changed(document, path, other)


def named(part: str, finding: verify.Finding) -> bool:
    return any(
        part == named or part.startswith((named + ".", named + "[")) for named in finding.parts
    )


def assert_named(document: Any, part: str, pinned: str | None = None) -> None:
    with pytest.raises((verify.Tampered, verify.Unreadable)) as refusal:
        verify.check(verify.parse(json.dumps(document)), pinned)
    error = refusal.value
    if isinstance(error, verify.Tampered):
        findings = error.findings
        assert any(named(part, finding) for finding in findings), (part, findings)
        assert all(finding.zh and finding.en for finding in findings)
    else:
        assert isinstance(error, verify.Unreadable)
        assert part == "format" or error.zh.startswith(f"{part}（")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("seq", [1, 2, 3])
def test_any_value_of_a_receipt(log: SampleLog, seq: int) -> None:
    receipt = log.receipt(seq)
    verify.check(receipt)
    tried = 0
    for part, forged in mutations(receipt):
        assert_named(forged, part)
        tried += 1
    assert tried > 200


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("with_log", [True, False])
def test_any_value_of_a_case_export(log: SampleLog, with_log: bool) -> None:
    export = log.export(with_log=with_log)
    verify.check(export)
    for part, forged in mutations(export):
        assert_named(forged, part)


@pytest.mark.usefixtures("quick")
def test_any_value_of_a_tree_head(log: SampleLog) -> None:
    for part, forged in mutations(log.published_head()):
        assert_named(forged, part)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("ascii_only", [True, False])
def test_any_character_of_a_receipt_file(log: SampleLog, ascii_only: bool) -> None:
    """Every character replaced, removed, and followed by another: only whitespace between parts
    may differ."""
    text = json.dumps(log.receipt(1), ensure_ascii=ascii_only, indent=1)
    genuine, shuffle = verify.parse(text), random.Random(20211)
    pool = string.printable + "示\u00e9\x00"
    for place, char in enumerate(text):
        other = shuffle.choice(pool)
        swapped = char.swapcase() if char.swapcase() != char else shuffle.choice(pool)
        for forged in (
            text[:place] + other + text[place + 1 :],
            text[:place] + swapped + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + other + text[place:],
            text[:place] + "\\" + text[place:],
        ):
            if forged == text:
                continue
            try:
                document = verify.parse(forged)
                verify.check(document)
            except (verify.Tampered, verify.Unreadable):
                continue
            assert json.dumps(document) == json.dumps(genuine)
            assert without_space(forged) == without_space(text), forged[place - 9 : place + 9]


def without_space(text: str) -> str:
    """JSON text without the whitespace between its parts."""
    kept, inside, escaped = [], False, False
    for char in text:
        if inside or char not in WHITESPACE:
            kept.append(char)
        if char == '"' and not escaped:
            inside = not inside
        escaped = inside and char == "\\" and not escaped
    return "".join(kept)


def objects(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from objects(part, (*path, key))


@pytest.mark.usefixtures("quick")
def test_unknown_and_missing_keys_anywhere(log: SampleLog) -> None:
    for document in (log.receipt(1), log.export(), log.published_head()):
        for path in objects(document):
            more = copy.deepcopy(document)
            at(more, path)["unknown"] = 1
            assert_named(more, path_text((*path, "unknown")))
            for key in at(document, path):
                if path == () and key in ("log", "format", "root_hash"):
                    continue
                fewer = copy.deepcopy(document)
                del at(fewer, path)[key]
                assert_named(fewer, path_text((*path, key)))


def test_both_personal_data_and_salt_may_be_left_out_but_not_one(log: SampleLog) -> None:
    receipt = log.receipt(1)
    receipt["event"]["personal"] = receipt["event"]["salt"] = None
    assert verify.check(receipt)["personal"] == "withheld"
    for part in ("personal", "salt"):
        assert_named(changed(log.receipt(1), ("event", part), None), f"event.{part}")


@pytest.mark.parametrize(
    ("path", "value", "part", "zh"),
    [
        (
            ("event", "payload", "load_kw"),
            "9.000",
            "event.payload",
            "第 1 条事件的 payload 与摘要不符，内容已被改动",
        ),
        (
            ("event", "personal", "name"),
            "示例·李四",
            "event.personal, event.salt",
            "第 1 条事件的 personal（个人信息，或盐）与封存摘要不符，已被改动",
        ),
        (
            ("event", "sealed_digest"),
            "00" * 32,
            "event.sealed_digest",
            "第 1 条事件的 sealed_digest 已被改动",
        ),
        (
            ("event", "header", "payload_digest"),
            "00" * 32,
            "event.header.payload_digest",
            "第 1 条事件的 payload_digest 已被改动",
        ),
        (
            ("event", "header", "recorded_at"),
            "2026-11-25T06:56:52.123456Z",
            "event.header",
            "第 1 条事件的 header（时间、人员、种类或序号）与事件哈希不符，已被改动",
        ),
        (("event", "hash"), "00" * 32, "event.hash", "第 1 条事件的 hash 已被改动"),
        (("tree_head", "root_hash"), "00" * 32, "tree_head.root_hash", "树头的 root_hash 已被改动"),
        (("tree_head", "tree_size"), 9_999, "tree_head.tree_size", "树头的 tree_size 已被改动"),
        (("tree_head", "key_id"), "00" * 8, "tree_head.key_id", "key_id 已被改动"),
        (("inclusion", "tree_size"), 307, "inclusion.tree_size", "inclusion.tree_size 与树头不符"),
        (
            ("inclusion", "leaf_index"),
            0,
            "inclusion",
            "第 1 条事件的包含证明不能导出树根，证明的路径或位置已被改动",
        ),
    ],
)
def test_the_smallest_part_that_explains_it_is_named(
    log: SampleLog, path: tuple[str, ...], value: Any, part: str, zh: str
) -> None:
    with pytest.raises(verify.Tampered) as refusal:
        verify.check(changed(log.receipt(1), path, value))
    assert refusal.value.part == part
    assert refusal.value.zh == zh


@pytest.mark.parametrize(
    "order",
    [[0, 2, 3], [1, 2, 3], [0, 2, 1, 3], [0, 1, 1, 2, 3]],
    ids=["removed", "beheaded", "swapped", "doubled"],
)
@pytest.mark.parametrize("with_log", [True, False])
def test_removed_swapped_and_doubled_events(
    log: SampleLog, order: list[int], with_log: bool
) -> None:
    export = log.export(with_log=with_log)
    export["events"] = [export["events"][index] for index in order]
    if with_log:
        export["log"]["inclusions"] = [export["log"]["inclusions"][index] for index in order]
    with pytest.raises(verify.Tampered) as refusal:
        verify.check(export)
    assert "有事件被删除、插入、调换或改写" in refusal.value.zh


def test_a_whole_rewritten_case_fails_only_with_the_log(log: SampleLog) -> None:
    """Somebody who rewrites every event and every hash makes a chain that holds; the signed tree
    is what shows it. That is why the words for an export without one say so."""
    forged, genuine = log.export(case="GY2611240000018H"), log.export()
    forged["log"] = genuine["log"]
    with pytest.raises(verify.Tampered) as refusal:
        verify.check(forged)
    assert refusal.value.part == "log.inclusions[0]"
    del forged["log"]
    found = verify.check(forged)
    assert "没有签名树头" in verify.words(found, "zh")
    assert "no signed tree head" in verify.words(found, "en")


def test_a_receipt_signed_by_another_key(log: SampleLog) -> None:
    from tongdian.proof.heads import SigningKey

    forged = SampleLog(SigningKey.generate()).receipt(1)
    verify.check(forged)
    with pytest.raises(verify.Tampered) as refusal:
        verify.check(forged, log.key.public_bytes.hex())
    assert refusal.value.part == "public_key"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 1}', "a（第 1 行第 10 列）：同一个键出现两次"),
        ('{"a": {"b": [1, 1.50]}}', "a.b[1]（第 1 行第 17 列）：数字的写法被改动"),
        ('{"a": -0}', "a（第 1 行第 7 列）：数字的写法被改动"),
        ('{"a": -0.0}', "数字的写法被改动"),
        ('{"a": 1e2}', "数字的写法被改动"),
        ('{"a": 9007199254740993}', "数字"),
        ('{"a": 1e999}', "数字"),
        ('{"a": NaN}', "a（第 1 行第 7 列）：不是完整的 JSON"),
        ('{"a": 01}', "不是完整的 JSON"),
        (r'{"a": "\u0041"}', "a（第 1 行第 7 列）：文字的转义写法被改动"),
        (r'{"a": "\/"}', "文字的转义写法被改动"),
        (r'{"a": "\ud800"}', "不完整的字符"),
        ('{"a": "\ud800"}', "不完整的字符"),
        ('{"a": "line\nline"}', "不是完整的 JSON 文字"),
        ('{"a": 1} x', "结尾有多余的内容"),
        ('{"a": 1,}', "不是完整的 JSON 文字"),
        ("[1, 2", "不是完整的 JSON，这里应为 ]"),
        ("", "不是完整的 JSON"),
        ("[" * 100, "嵌套过深"),
    ],
)
def test_odd_json_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(verify.Unreadable) as refusal:
        verify.parse(text)
    assert words in refusal.value.zh
    assert refusal.value.en


@pytest.mark.parametrize("number", [0, 7, -7, 2**53 - 1, 1.5, 12.75, 1e-7, 1e20, 5e-324, 1e300])
def test_numbers_keep_both_usual_spellings(number: float) -> None:
    for text in (json.dumps(number), verify.canonical(number).decode()):
        assert verify.canonical(verify.parse(text)) == verify.canonical(number)


@pytest.mark.parametrize(
    "document", [None, [], "text", 7, {}, {"format": "tongdian-receipt-2"}, {"format": ["x"]}]
)
def test_files_of_another_kind_are_refused(document: Any) -> None:
    with pytest.raises(verify.Unreadable, match="unknown format"):
        verify.check(document)
