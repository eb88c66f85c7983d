#!/usr/bin/env python3
"""通电回执核验 · Verify Tongdian receipts and case exports without trusting Tongdian.

One file, standard library only, Python 3.9 or newer, no network:

    python3 verify.py receipt.json               one receipt, exported case or tree head
    python3 verify.py old.json new.json proof.json   the log was only added to in between
    python3 verify.py receipt.json case.json     both tell the same story
    options: --key HEX (insist on this public key of the log)  --json  --lang zh|en

Exit status 0: verified. 1: something was changed, and it says what. 2: unreadable, or more is
needed to tell.

Files: tongdian-receipt-1, tongdian-case-1, and the answers of /api/v1/log/head (tree head) and
/api/v1/log/consistency (consistency proof). Hashes: SHA-256 over canonical JSON (RFC 8785). Tree:
RFC 9162. Signature: Ed25519 (RFC 8032 §5.1.7, without the cofactor); S and both points have to be
in canonical form, and a public key of small order, under which a signature proves nothing, is
refused.

Only whitespace may differ from the file as it was issued: repeated keys, unknown keys, needless
escapes and other spellings of a number are refused, so that no byte can change unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

GENESIS = "00" * 32
MAX_DEPTH = 64
MAX_INTEGER = 2**53 - 1
Json = dict[str, Any]


class Finding(NamedTuple):
    """One mismatch: the parts it may sit in, in words of both languages."""

    parts: tuple[str, ...]
    zh: str
    en: str


class Unreadable(Exception):
    """Not a file of this kind, or not enough to tell; zh and en say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Tampered(Exception):
    """Parts that do not match. `part` names the first finding's; zh and en hold them all."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self.part = ", ".join(findings[0].parts)
        self.zh = "；".join(finding.zh for finding in findings)
        self.en = "; ".join(finding.en for finding in findings)
        super().__init__(self.en)


# --- reading JSON, strictly ----------------------------------------------------------------------

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERALS = {"true": True, "false": False, "null": None}


class _Reader:
    """A JSON reader that knows where it is and takes one spelling of each value."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def document(self) -> Any:
        value = self.value("", 0)
        self.skip()
        if self.at != len(self.text):
            raise self.bad("", "结尾有多余的内容", "there is something after the end")
        return value

    def bad(self, where: str, zh: str, en: str) -> Unreadable:
        line = self.text.count("\n", 0, self.at) + 1
        column = self.at - self.text.rfind("\n", 0, self.at)
        part = where or "JSON"
        return Unreadable(
            f"{part}（第 {line} 行第 {column} 列）：{zh}",
            f"{part} (line {line}, column {column}): {en}",
        )

    def skip(self) -> str:
        """Skip whitespace; the next character, or nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def take(self, char: str, where: str) -> None:
        if self.skip() != char:
            raise self.bad(where, f"不是完整的 JSON，这里应为 {char}", f"not whole JSON: no {char}")
        self.at += 1

    def value(self, where: str, depth: int) -> Any:
        char = self.skip()
        if depth > MAX_DEPTH:
            raise self.bad(where, "嵌套过深", "nested too deeply")
        if char == "{":
            return self.object(where, depth)
        if char == "[":
            return self.array(where, depth)
        if char == '"':
            return self.string(where)
        for word in _LITERALS:
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return _LITERALS[word]
        return self.number(where)

    def object(self, where: str, depth: int) -> Json:
        self.at += 1
        found: Json = {}
        more = self.skip() != "}"
        while more:
            self.skip()
            start, key = self.at, self.string(where)
            inner = f"{where}.{key}" if where else key
            if key in found:
                self.at = start
                raise self.bad(inner, "同一个键出现两次", "the same key appears twice")
            self.take(":", inner)
            found[key] = self.value(inner, depth + 1)
            more = self.skip() == ","
            self.at += more
        self.take("}", where)
        return found

    def array(self, where: str, depth: int) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        more = self.skip() != "]"
        while more:
            found.append(self.value(f"{where}[{len(found)}]", depth + 1))
            more = self.skip() == ","
            self.at += more
        self.take("]", where)
        return found

    def string(self, where: str) -> str:
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise self.bad(where, "不是完整的 JSON 文字", "not a whole JSON string")
        token = match.group()
        if "\\" not in token:
            self.at = match.end()
            return token[1:-1]
        value = str(json.loads(token))
        if any("\ud800" <= char <= "\udfff" for char in value):
            raise self.bad(where, "含有不完整的字符", "it holds half a character")
        if token not in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
            raise self.bad(where, "文字的转义写法被改动", "the spelling of this text was changed")
        self.at = match.end()
        return value

    def number(self, where: str) -> Any:
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise self.bad(where, "不是完整的 JSON", "not whole JSON")
        token = match.group()
        if len(token) <= 17 and token.lstrip("-").isdigit() and abs(int(token)) <= MAX_INTEGER:
            value: Any = int(token)
            spellings = [str(value)]
        else:
            value = float(token)
            spellings = [repr(value), "" if math.isinf(value) else _float_text(value)]
        if token not in spellings or token == "-0.0":
            raise self.bad(where, "数字的写法被改动，或数字过大", "the number is spelled oddly")
        self.at = match.end()
        return value


def parse(text: str) -> Any:
    """A JSON document. Raises Unreadable, naming the place."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Unreadable("含有不完整的字符", "it holds half a character") from None
    return _Reader(text[1:] if text.startswith("\ufeff") else text).document()


def read(path: str) -> Any:
    """The document in a file; `-` is standard input."""
    try:
        if path == "-":
            content = sys.stdin.buffer.read()
        else:
            with open(path, "rb") as file:
                content = file.read()
    except OSError as error:
        raise Unreadable(f"读不了 {path}：{error}", f"cannot read {path}: {error}") from None
    try:
        return parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"{path} 不是 UTF-8 文本（第 {error.start + 1} 字节）",
            f"{path} is not UTF-8 text (byte {error.start + 1})",
        ) from None


# --- canonical JSON (RFC 8785) -------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value."""
    return _text_of(value).encode("utf-8")


def _text_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) <= MAX_INTEGER:
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return _float_text(value)
    if isinstance(value, list):
        return "[" + ",".join(map(_text_of, value)) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: str(key).encode("utf-16-be"))
        return "{" + ",".join(_text_of(key) + ":" + _text_of(value[key]) for key in keys) + "}"
    raise Unreadable("含有 JSON 没有的数值", "it holds a value that JSON does not have")


def _float_text(number: float) -> str:
    """A float as ECMAScript writes it (RFC 8785 §3.2.2.3)."""
    if number == 0:
        return "0"
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        text = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    return "-" + text if number < 0 else text


# --- Ed25519 (RFC 8032 §5.1) ---------------------------------------------------------------------

Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
NEUTRAL: Point = (0, 1, 1, 0)


def _recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _decode(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _add(a: Point, b: Point) -> Point:
    first = (a[1] - a[0]) * (b[1] - b[0]) % P
    second = (a[1] + a[0]) * (b[1] + b[0]) % P
    third = 2 * a[3] * b[3] * D % P
    fourth = 2 * a[2] * b[2] % P
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _sum_of_multiples(first: int, a: Point, second: int, b: Point) -> Point:
    """first·a + second·b."""
    steps = (NEUTRAL, a, b, _add(a, b))
    result = NEUTRAL
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        result = _add(result, result)
        step = (first >> bit & 1) | (second >> bit & 1) << 1
        if step:
            result = _add(result, steps[step])
    return result


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
BASE: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def verify_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) of `message` holds under `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = _decode(public), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    if _same(_sum_of_multiples(8, key, 0, NEUTRAL), NEUTRAL):
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(challenge, "little") % ORDER
    minus_key = (P - key[0], key[1], key[2], P - key[3])
    return _same(_sum_of_multiples(scalar, BASE, factor, minus_key), nonce)


# --- Merkle tree (RFC 9162) ----------------------------------------------------------------------

Nodes = dict[tuple[int, int], bytes]


def _leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _siblings(index: int, size: int) -> list[tuple[int, int]]:
    """The leaves [start, end) under each sibling of an inclusion path, from the leaf up."""
    found: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << (end - start - 1).bit_length() - 1)
        found.append((split, end) if index < split else (start, split))
        start, end = (start, split) if index < split else (split, end)
    return found[::-1]


def _nodes(leaf: bytes, index: int, size: int, path: list[bytes]) -> Nodes:
    """Every node that an inclusion path shows, by the leaves [start, end) under it. The root is
    the one at (0, size). The path has to have the right length."""
    nodes = {(index, index + 1): leaf}
    start, end, current = index, index + 1, leaf
    for level, (low, high) in enumerate(_siblings(index, size)):
        sibling = path[level]
        nodes[low, high] = sibling
        current = _node(sibling, current) if low < start else _node(current, sibling)
        start, end = min(low, start), max(high, end)
        nodes[start, end] = current
    return nodes


def _consistent(
    old_size: int, new_size: int, old_root: bytes, new_root: bytes, path: list[bytes]
) -> bool:
    """RFC 9162 §2.1.4.2."""
    if old_size == new_size or not path:
        return old_size == new_size and not path and old_root == new_root
    hashes = [old_root, *path] if old_size & (old_size - 1) == 0 else path
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = _node(sibling, old), _node(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = _node(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


# --- shapes --------------------------------------------------------------------------------------

Check = Callable[[Any, str], None]


def _refuse(where: str, zh: str, en: str) -> Tampered:
    return Tampered([Finding((where,), f"{where} {zh}", f"{where} {en}")])


def _natural(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_INTEGER:
        raise _refuse(where, "不是自然数", "is not a natural number")


def _text(value: Any, where: str) -> None:
    if not isinstance(value, str):
        raise _refuse(where, "不是文字", "is not text")


def _mapping(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise _refuse(where, "不是对象", "is not an object")


def _instant(value: Any, where: str) -> None:
    try:
        instant = datetime.fromisoformat(str(value)[:-1])
        exact = instant.isoformat(timespec="microseconds") + "Z" == value
    except ValueError:
        exact = False
    if not exact:
        raise _refuse(where, "不是规范的 UTC 时刻", "is not an instant in canonical form")


def _constant(expected: str) -> Check:
    def check(value: Any, where: str) -> None:
        if value != expected:
            raise _refuse(where, f"应为 {expected}", f"should be {expected}")

    return check


def _hex(length: int) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or not re.fullmatch(f"[0-9a-f]{{{2 * length}}}", value):
            raise _refuse(
                where, f"不是 {length} 字节的十六进制小写", f"is not {length} bytes in hex"
            )

    return check


def _or_null(inner: Check) -> Check:
    return lambda value, where: None if value is None else inner(value, where)


def _list(inner: Check) -> Check:
    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise _refuse(where, "不是数组", "is not a list")
        for index, part in enumerate(value):
            inner(part, f"{where}[{index}]")

    return check


def _object(parts: dict[str, Check], optional: tuple[str, ...] = ()) -> Check:
    """An object with exactly these keys, apart from the optional ones, which may be missing."""

    def check(value: Any, where: str) -> None:
        _mapping(value, where or "JSON")
        for key in sorted(set(value) ^ set(parts)):
            if key not in optional:
                inner = f"{where}.{key}" if where else key
                known = key in parts
                raise _refuse(inner, *(_MISSING if known else _UNKNOWN))
        for key in value:
            parts[key](value[key], f"{where}.{key}" if where else key)

    return check


_MISSING = ("缺少", "is missing")
_UNKNOWN = ("是不应有的键", "is a key that should not be there")
_PATH = _list(_hex(32))
_HEAD = {
    "log_id": _text,
    "tree_size": _natural,
    "root_hash": _hex(32),
    "timestamp": _instant,
    "key_id": _hex(8),
    "signature": _hex(64),
}
_HEADER = {
    "format": _constant("tongdian-event-1"),
    "case": _text,
    "seq": _natural,
    "kind": _text,
    "recorded_at": _instant,
    "occurred_at": _instant,
    "actor": _mapping,
    "payload_digest": _hex(32),
    "previous_hash": _hex(32),
}
_EVENT = {
    "header": _object(_HEADER),
    "hash": _hex(32),
    "payload": _mapping,
    "sealed_digest": _or_null(_hex(32)),
    "personal": _or_null(_mapping),
    "salt": _or_null(_hex(16)),
}
_RECEIPT = {
    "format": _constant("tongdian-receipt-1"),
    "event": _object(_EVENT),
    "inclusion": _object({"leaf_index": _natural, "tree_size": _natural, "path": _PATH}),
    "tree_head": _object(_HEAD),
    "public_key": _hex(32),
}
_LOG = {
    "tree_head": _object(_HEAD),
    "public_key": _hex(32),
    "inclusions": _list(_object({"leaf_index": _natural, "path": _PATH})),
}
_CASE = {
    "format": _constant("tongdian-case-1"),
    "case": _text,
    "events": _list(_object(_EVENT)),
    "log": _object(_LOG),
}
_PUBLISHED_HEAD = {**_HEAD, "public_key": _hex(32)}
_PROOF = {"first": _natural, "second": _natural, "path": _PATH}


# --- events --------------------------------------------------------------------------------------


def _sha(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _header_hash(header: Json, **mended: Any) -> str:
    return _sha(canonical({**header, **mended}))


def _payload_digest(payload: Json, sealed: Any) -> str:
    return _sha(canonical({"open": payload, "sealed": sealed}))


def _sealed_digest(event: Json) -> str | None:
    """The sealed digest as it follows from personal data and salt, when both are there."""
    if event["personal"] is None or event["salt"] is None:
        return None
    return _sha(bytes.fromhex(event["salt"]), canonical(event["personal"]))


def _event_findings(
    event: Json, where: str, number: int, place: Json, vouched: Callable[[str], bool]
) -> Iterator[Finding]:
    """Mismatches of one event, each traced to the smallest part that explains it.

    `place` holds the header fields that the place in the chain demands; `vouched` tells whether
    somebody else (the next event, the signed tree) has confirmed a hash.
    """
    header, stored = event["header"], event["hash"]
    digest = _payload_digest(event["payload"], event["sealed_digest"])
    computed = _header_hash(header)
    misplaced = sorted(name for name in place if header[name] != place[name])
    zh, en = f"第 {number} 条事件的 ", f" of event {number} "
    paths = tuple(f"{where}.header.{name}" for name in misplaced)
    names = "、".join(misplaced), ", ".join(misplaced)
    if computed == stored:
        if misplaced:
            yield Finding(
                paths,
                f"{zh}{names[0]} 与所在位置不符：有事件被删除、插入、调换或改写",
                f"{names[1]}{en}does not fit: events were removed, inserted, swapped or rewritten",
            )
    elif misplaced and _header_hash(header, **place) == stored:
        yield Finding(paths, f"{zh}{names[0]} 已被改动", f"{names[1]}{en}was changed")
    elif digest != header["payload_digest"] and stored == _header_hash(
        header, payload_digest=digest
    ):
        part = f"{where}.header.payload_digest"
        yield Finding((part,), f"{zh}payload_digest 已被改动", f"payload_digest{en}was changed")
        digest = header["payload_digest"]
    elif vouched(computed):
        yield Finding((f"{where}.hash",), f"{zh}hash 已被改动", f"hash{en}was changed")
    else:
        sure = vouched(stored)
        yield Finding(
            (f"{where}.header",) if sure else (f"{where}.header", f"{where}.hash"),
            f"{zh}header（时间、人员、种类或序号）与事件哈希不符，已被改动",
            f"header{en}does not match its hash: time, actor, kind or number was changed",
        )
    yield from _content_findings(event, where, number, digest)


def _content_findings(event: Json, where: str, number: int, digest: str) -> Iterator[Finding]:
    """Mismatches between open and personal content and their digests."""
    expected, sealed = _sealed_digest(event), event["sealed_digest"]
    claimed = event["header"]["payload_digest"]
    zh, en = f"第 {number} 条事件的 ", f" of event {number} "
    if (event["personal"] is None) != (event["salt"] is None):
        yield Finding(
            (f"{where}.personal", f"{where}.salt"),
            f"{zh}personal（个人信息）与 salt（盐）缺了一个",
            f"personal or salt{en}is missing, they belong together",
        )
    if digest != claimed and expected and _payload_digest(event["payload"], expected) == claimed:
        part = f"{where}.sealed_digest"
        yield Finding((part,), f"{zh}sealed_digest 已被改动", f"sealed_digest{en}was changed")
        return
    if digest != claimed:
        sure = expected is not None and expected == sealed
        parts = ("payload",) if sure else ("payload", "sealed_digest")
        yield Finding(
            tuple(f"{where}.{part}" for part in parts),
            f"{zh}payload 与摘要不符，{'内容' if sure else '内容或 sealed_digest '}已被改动",
            f"payload{en}does not match its digest",
        )
    if expected is not None and expected != sealed:
        yield Finding(
            (f"{where}.personal", f"{where}.salt"),
            f"{zh}personal（个人信息，或盐）与封存摘要不符，已被改动",
            f"personal data (or salt){en}does not match its sealed digest",
        )


# --- the log -------------------------------------------------------------------------------------


def _signed(head: Json, key: bytes, **mended: Any) -> bool:
    body = {name: head[name] for name in _HEAD if name != "signature"}
    body.update(mended, format="tongdian-tree-head-1")
    return verify_signature(key, canonical(body), bytes.fromhex(head["signature"]))


def _head_findings(
    head: Json, public: str, pinned: str | None, at: str, hints: Json
) -> Iterator[Finding]:
    """Whether the head is signed. `at` is where it stands, empty for a file of its own. `hints`
    are other values for its fields to try when it is not, so as to name the changed one."""
    key, key_id = bytes.fromhex(public), _sha(bytes.fromhex(public))[:16]
    where, key_part = (f"{at}." if at else ""), f"{at[: -len('tree_head')]}public_key"
    if pinned and public != pinned:
        yield Finding(
            (key_part,),
            "public_key 不是您指定的公钥：公钥被改动，或由别的钥匙签名",
            "public_key is not the pinned one: it was changed, or another key has signed",
        )
        return
    if head["key_id"] != key_id:
        sure = _signed(head, key, key_id=key_id)
        yield Finding(
            (f"{where}key_id",) if sure else (f"{where}key_id", key_part),
            "key_id 已被改动" if sure else "key_id 与公钥不符，二者之一已被改动",
            "key_id was changed" if sure else "key_id and public_key differ: one was changed",
        )
        return
    if _signed(head, key):
        return
    for name, value in hints.items():
        if value != head[name] and _signed(head, key, **{name: value}):
            yield Finding((f"{where}{name}",), f"树头的 {name} 已被改动", f"{name} was changed")
            return
    yield Finding(
        (at,) if at else tuple(_HEAD),
        "树头签名不成立，树头（大小、根、时间或签名）已被改动",
        "the signature of the tree head does not hold: size, root, time or signature changed",
    )


class _Place(NamedTuple):
    """An inclusion proof and the tree it speaks of."""

    leaf_index: int
    size: int
    path: list[bytes]

    def nodes(self, event_hash: str) -> Nodes:
        """The nodes it shows for an event; none when its length is wrong."""
        if self.leaf_index >= self.size or len(self.path) != len(
            _siblings(self.leaf_index, self.size)
        ):
            return {}
        return _nodes(_leaf(bytes.fromhex(event_hash)), self.leaf_index, self.size, self.path)

    def root(self, event_hash: str) -> str | None:
        root = self.nodes(event_hash).get((0, self.size))
        return root.hex() if root is not None else None


def _place_of(inclusion: Json, size: int) -> _Place:
    return _Place(
        inclusion["leaf_index"], size, [bytes.fromhex(part) for part in inclusion["path"]]
    )


def _inclusion_findings(
    place: _Place, event: Json, root: str, where: str, number: int
) -> Iterator[Finding]:
    """Whether an event leads to the root; silent when a changed hash already explains it."""
    if root in (place.root(event["hash"]), place.root(_header_hash(event["header"]))):
        return
    yield Finding(
        (where,),
        f"第 {number} 条事件的包含证明不能导出树根，证明的路径或位置已被改动",
        f"the inclusion proof of event {number} does not lead to the root: path or index changed",
    )


# --- whole files ---------------------------------------------------------------------------------


def _personal_state(events: list[Json]) -> str:
    """`none`, `withheld` or `checked`, over the events that commit to personal data."""
    sealed = [event for event in events if event["sealed_digest"] is not None]
    if not sealed:
        return "none"
    return "withheld" if any(event["personal"] is None for event in sealed) else "checked"


def check_receipt(receipt: Json, pinned: str | None = None) -> Json:
    """A receipt: the event, its place in the log, the signed head. Raises Tampered."""
    _object(_RECEIPT)(receipt, "")
    event, inclusion, head = receipt["event"], receipt["inclusion"], receipt["tree_head"]
    header, number = event["header"], event["header"]["seq"]
    place = _place_of(inclusion, head["tree_size"])
    claimed = _place_of(inclusion, inclusion["tree_size"])
    hints = {"tree_size": inclusion["tree_size"], "root_hash": claimed.root(event["hash"])}
    found = list(_head_findings(head, receipt["public_key"], pinned, "tree_head", hints))
    signed = not found
    found += _event_findings(
        event, "event", number, {}, lambda value: signed and place.root(value) == head["root_hash"]
    )
    if signed:
        found += _inclusion_findings(place, event, head["root_hash"], "inclusion", number)
    if signed and inclusion["tree_size"] != head["tree_size"]:
        part = "inclusion.tree_size"
        found.append(Finding((part,), f"{part} 与树头不符", f"{part} differs from the tree head"))
    if found:
        raise Tampered(found)
    return {
        "kind": "receipt",
        "case": header["case"],
        "seq": number,
        "event": header["kind"],
        "recorded_at": header["recorded_at"],
        "personal": _personal_state([event]),
        **_head_facts(head, receipt["public_key"], pinned),
    }


def _head_facts(head: Json, public: str, pinned: str | None) -> Json:
    return {
        "tree_size": head["tree_size"],
        "signed_at": head["timestamp"],
        "log_id": head["log_id"],
        "public_key": public,
        "pinned": bool(pinned),
    }


def check_case(export: Json, pinned: str | None = None) -> Json:
    """A whole case: every event, the chain between them, their places in the log where given."""
    _object(_CASE, optional=("log",))(export, "")
    events, log = export["events"], export.get("log")
    if not events:
        raise Unreadable("没有任何事件", "it holds no events")
    if log is None and pinned:
        raise Unreadable(
            "这份导出没有签名树头，无法核对公钥", "this export has no signed tree head to check"
        )
    found = _log_findings(export, pinned) if log else []
    places = [] if found or not log else _places(log)
    named = {event["header"]["case"] for event in events}
    case = named.pop() if len(named) == 1 else export["case"]
    if case != export["case"]:
        zh, en = f"case 与全部事件的案件编号 {case} 不符", f"case differs from its events' {case}"
        found.append(Finding(("case",), zh, en))
    previous = GENESIS
    for index, event in enumerate(events):
        computed = _header_hash(event["header"])
        follower = events[index + 1]["header"]["previous_hash"] if index + 1 < len(events) else None
        root = log["tree_head"]["root_hash"] if log else None
        confirmed = {follower} | {
            value
            for value in (computed, event["hash"])
            if places and places[index].root(value) == root
        }
        place = {"case": case, "seq": index + 1, "previous_hash": previous}
        where = f"events[{index}]"
        found += _event_findings(event, where, index + 1, place, confirmed.__contains__)
        if places:
            where = f"log.inclusions[{index}]"
            found += _inclusion_findings(places[index], event, str(root), where, index + 1)
        previous = computed if computed in confirmed else event["hash"]
    if found:
        raise Tampered(found)
    facts = _head_facts(log["tree_head"], log["public_key"], pinned) if log else {}
    return {
        "kind": "case" if log else "chain",
        "case": case,
        "events": len(events),
        "personal": _personal_state(events),
        **facts,
    }


# --- two files -----------------------------------------------------------------------------------


class _File(NamedTuple):
    """A verified file, as it is compared: event hashes by (case, seq), the chain's demands, the
    head, and the tree nodes its proofs show."""

    label: str
    result: Json
    events: dict[tuple[str, int], str]
    head: Json | None
    nodes: Nodes


def _places(log: Json) -> list[_Place]:
    size = log["tree_head"]["tree_size"]
    return [_place_of(inclusion, size) for inclusion in log["inclusions"]]


def _log_findings(export: Json, pinned: str | None) -> list[Finding]:
    """Whether the head of an export is signed and there is a proof for each event."""
    events, log = export["events"], export["log"]
    if len(log["inclusions"]) != len(events):
        zh = f"log.inclusions 有 {len(log['inclusions'])} 项，事件有 {len(events)} 条"
        en = f"log.inclusions proves {len(log['inclusions'])} of {len(events)} events"
        return [Finding(("log.inclusions",), zh, en)]
    places = _places(log)
    roots = {places[index].root(event["hash"]) for index, event in enumerate(events)}
    hints = {"root_hash": roots.pop()} if len(roots) == 1 else {}
    return list(_head_findings(log["tree_head"], log["public_key"], pinned, "log.tree_head", hints))


def _file(label: str, document: Json, pinned: str | None) -> _File:
    """Verify one file. Raises Tampered with the file's name before each finding."""
    try:
        result = check(document, pinned if has_head(document) else None)
    except Tampered as error:
        raise Tampered(
            [
                Finding(found.parts, f"{label}：{found.zh}", f"{label}: {found.en}")
                for found in error.findings
            ]
        ) from None
    events: dict[tuple[str, int], str] = {}
    listed = [document["event"]] if "event" in document else document.get("events", [])
    for event in listed:
        header = event["header"]
        events[header["case"], header["seq"]] = event["hash"]
        events.setdefault((header["case"], header["seq"] - 1), header["previous_hash"])
    if result["kind"] == "head":
        return _File(label, result, events, document, {})
    if result["kind"] == "chain":
        return _File(label, result, events, None, {})
    if result["kind"] == "receipt":
        log, places = document, [_place_of(document["inclusion"], result["tree_size"])]
    else:
        log, places = document["log"], _places(document["log"])
    nodes: Nodes = {}
    for index, event in enumerate(listed):
        nodes.update(places[index].nodes(event["hash"]))
    return _File(label, result, events, log["tree_head"], nodes)


def compare(
    first: tuple[str, Json], second: tuple[str, Json], proof: Json | None, pinned: str | None = None
) -> Json:
    """Two files of one log: both hold, tell the same story, and the later tree only adds to the
    earlier. `proof` may be missing for trees of one size. Raises Tampered or Unreadable."""
    a, b = _file(*first, pinned), _file(*second, pinned)
    shared = sorted(set(a.events) & set(b.events))
    for case, seq in shared:
        if a.events[case, seq] != b.events[case, seq]:
            number = max(seq, 1)
            raise _disagree(
                a, b, f"案件 {case} 第 {number} 条事件", f"event {number} of case {case}", "event"
            )
    if a.head is None or b.head is None:
        if not shared:
            raise Unreadable(
                "两个文件没有可以互相对照的事件或树头", "the files share no event and no tree head"
            )
        return {"kind": "agreement", "events": len(shared), "files": [a.label, b.label]}
    old, new = (a, b) if a.head["tree_size"] <= b.head["tree_size"] else (b, a)
    return _compare_heads(old, new, proof)


def _disagree(a: _File, b: _File, zh: str, en: str, part: str) -> Tampered:
    zh = f"{a.label} 与 {b.label} 对{zh}说法不同，日志被改写过"
    en = f"{a.label} and {b.label} disagree on {en}: the log was rewritten"
    return Tampered([Finding((part,), zh, en)])


def _compare_heads(old: _File, new: _File, proof: Json | None) -> Json:
    first, second = old.head or {}, new.head or {}
    for name in ("log_id", "public_key"):
        if old.result[name] != new.result[name]:
            raise _refuse(name, "在两个文件中不同，不是同一日志", "differs: these are two logs")
    sizes = first["tree_size"], second["tree_size"]
    roots = bytes.fromhex(first["root_hash"]), bytes.fromhex(second["root_hash"])
    zh, en = f"大小为 {sizes[0]} 的树", f"the tree of {sizes[0]}"
    for (start, end), node in old.nodes.items():
        whole = (end - start) & (end - start - 1) == 0
        if whole and new.nodes.get((start, end), node) != node:
            raise _disagree(old, new, zh, en, "tree_head.root_hash")
    if sizes[0] == sizes[1] and roots[0] != roots[1]:
        raise _disagree(old, new, zh, en, "tree_head.root_hash")
    if proof is None and sizes[0] != sizes[1]:
        raise Unreadable(
            f"两个文件各自成立，也不矛盾；要证明日志从 {sizes[0]} 条到 {sizes[1]} 条只增不改，"
            f"还需要一致性证明 /api/v1/log/consistency?first={sizes[0]}&second={sizes[1]}",
            "each file holds and they do not contradict each other; to prove that the log was only"
            f" added to, /api/v1/log/consistency?first={sizes[0]}&second={sizes[1]} is needed too",
        )
    if proof is not None:
        _check_proof(proof, sizes, roots)
    return {"kind": "consistency", "from": sizes[0], "to": sizes[1], "log_id": first["log_id"]}


def _check_proof(proof: Json, sizes: tuple[int, int], roots: tuple[bytes, bytes]) -> None:
    _object(_PROOF)(proof, "")
    for name, size in (("first", sizes[0]), ("second", sizes[1])):
        if proof[name] != size:
            raise _refuse(name, f"应为 {size}", f"should be {size}")
    path = [bytes.fromhex(part) for part in proof["path"]]
    if not _consistent(*sizes, *roots, path):
        zh = "一致性证明不能连接两个树头：日志改写了较早的内容，或证明 path 已被改动"
        en = "the proof does not join the two heads: the log rewrote what it had, or path changed"
        raise Tampered([Finding(("path",), zh, en)])


def check_head(head: Json, pinned: str | None = None) -> Json:
    """A published tree head with its public key. Raises Tampered."""
    _object(_PUBLISHED_HEAD)(head, "")
    found = list(_head_findings(head, head["public_key"], pinned, "", {}))
    if found:
        raise Tampered(found)
    return {
        "kind": "head",
        "root_hash": head["root_hash"],
        **_head_facts(head, head["public_key"], pinned),
    }


def is_proof(document: Any) -> bool:
    """Whether this is a consistency proof."""
    return isinstance(document, dict) and "path" in document and "first" in document


def has_head(document: Any) -> bool:
    """Whether this carries a signed tree head, so that a public key can be insisted on."""
    return isinstance(document, dict) and bool({"tree_head", "root_hash", "log"} & set(document))


def check(document: Any, pinned: str | None = None) -> Json:
    """A receipt, a case export or a tree head, by its format. Returns the facts that hold; raises
    Tampered or Unreadable. `pinned` is the log's public key in hex, when it is known."""
    if isinstance(document, dict):
        if document.get("format") == "tongdian-receipt-1":
            return check_receipt(document, pinned)
        if document.get("format") == "tongdian-case-1":
            return check_case(document, pinned)
        if "format" not in document and "root_hash" in document:
            return check_head(document, pinned)
        if is_proof(document):
            raise Unreadable(
                "一致性证明要同两个树头（或回执）一起给出",
                "a consistency proof is checked together with two tree heads or receipts",
            )
    raise Unreadable(
        "不是通电的回执、案件导出或树头（format 不认识）",
        "not a Tongdian receipt, case export or tree head (unknown format)",
    )


def check_files(paths: list[str], pinned: str | None = None) -> Json:
    """One file, or two and perhaps a consistency proof, in any order."""
    documents = [(path, read(path)) for path in paths]
    proofs = [document for _, document in documents if is_proof(document)]
    others = [(label, document) for label, document in documents if not is_proof(document)]
    if len(documents) == 1:
        return check(documents[0][1], pinned)
    if len(others) != 2 or len(proofs) > 1:
        raise Unreadable(
            "请给出一个文件，或两个文件（可再加一个一致性证明）",
            "give one file, or two files and perhaps a consistency proof",
        )
    return compare(others[0], others[1], proofs[0] if proofs else None, pinned)


# --- speaking ------------------------------------------------------------------------------------

_WORDS = {
    "receipt": (
        "核验通过：案件 {case} 第 {seq} 条事件（{event}），记录于 {recorded_at}，"
        "已列入共 {tree_size} 条的日志，树头签于 {signed_at}。",
        "Verified: event {seq} ({event}) of case {case}, recorded {recorded_at}, is in the log of"
        " {tree_size} events, signed {signed_at}.",
    ),
    "case": (
        "核验通过：案件 {case} 的 {events} 条事件前后相接，没有改动，"
        "全部列入共 {tree_size} 条的日志，树头签于 {signed_at}。",
        "Verified: the {events} events of case {case} follow each other, unchanged, and all are in"
        " the log of {tree_size} events, signed {signed_at}.",
    ),
    "chain": (
        "核验通过：案件 {case} 的 {events} 条事件前后相接，没有改动。"
        "这份导出没有签名树头：要证明它出自日志，请再同一份回执对照。",
        "Verified: the {events} events of case {case} follow each other, unchanged. This export has"
        " no signed tree head: compare it with a receipt to prove that the log holds it.",
    ),
    "head": (
        "核验通过：日志 {log_id} 共 {tree_size} 条，树根 {root_hash}，签于 {signed_at}。",
        "Verified: log {log_id} has {tree_size} events under root {root_hash}, signed {signed_at}.",
    ),
    "consistency": (
        "核验通过：日志 {log_id} 从 {from} 条到 {to} 条只有增加，没有改写。",
        "Verified: from {from} to {to} events the log {log_id} was only added to.",
    ),
    "agreement": (
        "核验通过：两个文件共有的 {events} 个事件哈希一致。",
        "Verified: the files agree on the {events} event hashes they share.",
    ),
}
_WITHHELD = (
    "部分个人信息未附，只核对了它的封存摘要。",
    "Some personal data is not attached; its sealed digest was checked.",
)
_UNPINNED = (
    "公钥取自文件本身，请与日志公布的公钥核对（--key）：{public_key}",
    "The public key is the file's own; compare it with the one the log publishes (--key):"
    " {public_key}",
)


def words(result: Json, language: str) -> str:
    """What `check` or `compare` found, in `zh` or `en`."""
    which = 0 if language == "zh" else 1
    shown = dict(result)
    for name in ("recorded_at", "signed_at"):
        if name in shown:
            shown[name] = _local(shown[name], language)
    lines = [_WORDS[result["kind"]][which].format(**shown)]
    if result.get("personal") == "withheld":
        lines.append(_WITHHELD[which])
    if result.get("pinned") is False:
        lines.append(_UNPINNED[which].format(**shown))
    return "\n".join(lines)


def _local(instant: str, language: str) -> str:
    """An instant as a clock in China shows it."""
    beijing = datetime.fromisoformat(instant[:-1] + "+00:00").astimezone(
        timezone(timedelta(hours=8))
    )
    return f"{beijing:%Y-%m-%d %H:%M:%S} " + ("北京时间" if language == "zh" else "Beijing time")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="verify.py", description="通电回执核验 · Verify Tongdian receipts"
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="回执、案件导出、树头、一致性证明 · receipt, export, tree head, consistency proof",
    )
    parser.add_argument("--key", help="日志公钥（十六进制） · the log's public key in hex")
    parser.add_argument("--json", action="store_true", help="给程序用 · for programs")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    return parser


def _pinned(text: str | None) -> str | None:
    if text is None:
        return None
    key = text.strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", key):
        raise Unreadable(
            "--key 应为 64 位十六进制公钥", "--key takes a public key of 64 hex digits"
        )
    return key


def main(argv: list[str] | None = None) -> int:
    """The command. Returns the exit status."""
    try:
        options = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        result = check_files(options.files, _pinned(options.key))
    except Tampered as error:
        return _report(options, 1, error, error.findings)
    except Unreadable as error:
        return _report(options, 2, error, [])
    if options.json:
        print(json.dumps({"verified": True, "status": "verified", **result}, ensure_ascii=False))
    else:
        print(words(result, options.lang))
    return 0


def _report(
    options: argparse.Namespace, status: int, error: Tampered | Unreadable, found: list[Finding]
) -> int:
    if options.json:
        body = {
            "verified": False,
            "status": "tampered" if status == 1 else "unreadable",
            "part": ", ".join(found[0].parts) if found else None,
            "findings": [finding._asdict() for finding in found],
            "zh": error.zh,
            "en": error.en,
        }
        print(json.dumps(body, ensure_ascii=False))
    elif options.lang == "zh":
        print(("核验不通过：" if status == 1 else "无法核验：") + error.zh, file=sys.stderr)
    else:
        print(("Not verified: " if status == 1 else "Cannot verify: ") + error.en, file=sys.stderr)
    return status


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
