#!/usr/bin/env python3
"""通电回执核验 · Verify Tongdian receipts and case exports without trusting Tongdian.

One file, standard library only, Python 3.9 or newer:

    python3 verify.py receipt.json              one receipt, or one exported case
    python3 verify.py old.json new.json proof.json   two receipts and a consistency proof
    python3 verify.py --key HEX receipt.json    insist on this public key of the log
    options: --json  --lang zh|en

Exit status 0: verified. 1: something was changed, and it says what. 2: unreadable.
Formats: tongdian-receipt-1, tongdian-case-1. Hashes: SHA-256. Tree: RFC 9162. Signature: Ed25519
(RFC 8032, with canonical encodings required and points of small order refused).
"""

import argparse
import hashlib
import json
import re
import sys

GENESIS = "00" * 32
RECEIPT_KEYS = {"format", "event", "inclusion", "tree_head", "public_key"}
EVENT_KEYS = {"header", "hash", "payload", "sealed_digest", "personal", "salt"}
HEADER_KEYS = {
    "format", "case", "seq", "kind", "recorded_at", "occurred_at", "actor", "payload_digest",
    "previous_hash",
}  # fmt: skip
HEAD_KEYS = {"log_id", "tree_size", "root_hash", "timestamp", "key_id", "signature"}
INCLUSION_KEYS = {"leaf_index", "tree_size", "path"}
CASE_KEYS = {"format", "case", "events"}


class Unreadable(Exception):
    """Not a file of this kind; zh and en say why."""

    def __init__(self, zh, en):
        super().__init__(en)
        self.zh, self.en = zh, en


class Tampered(Exception):
    """A part that does not match; `part` names it."""

    def __init__(self, part, zh, en):
        super().__init__(en)
        self.part, self.zh, self.en = part, zh, en


# --- canonical JSON (RFC 8785) -------------------------------------------------------------------


def canonical(value):
    """The one byte form of a JSON value. Numbers are integers: the formats use no others."""
    return _text_of(value).encode("utf-8")


def _text_of(value):
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Unreadable("数字过大", "a number is too large")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(_text_of(part) for part in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(_string(key) + ":" + _text_of(value[key]) for key in keys) + "}"
    raise Unreadable("含有不支持的数字（小数）", "it holds a number that is not an integer")


def _string(text):
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("含有不完整的字符", "it holds half a character")
    return json.dumps(text, ensure_ascii=False)


# --- Ed25519 (RFC 8032 §5.1) ---------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_M1 = pow(2, (P - 1) // 4, P)


def _recover_x(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_M1 % P
    if (x * x - square) % P:
        return None
    return P - x if (x & 1) != sign else x


def _decode(data):
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _add(a, b):
    first = (a[1] - a[0]) * (b[1] - b[0]) % P
    second = (a[1] + a[0]) * (b[1] + b[0]) % P
    third = 2 * a[3] * b[3] * D % P
    fourth = 2 * a[2] * b[2] % P
    e, f, g, h = second - first, fourth - third, fourth + third, second + first
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0)
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def verify_signature(public, message, signature):
    """Whether `signature` (64 bytes) of `message` holds under `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce = _decode(public), _decode(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or scalar >= ORDER:
        return False
    if _same(_multiply(8, key), (0, 1, 1, 0)):
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(challenge, "little") % ORDER
    return _same(_multiply(scalar, BASE), _add(nonce, _multiply(factor, key)))


# --- Merkle tree (RFC 9162) ----------------------------------------------------------------------


def _leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def _root_from_path(leaf, index, size, path):
    """The root that an inclusion path leads to, or None when it has the wrong length."""
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if position & 1 or position == last:
            current = _node(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = _node(current, sibling)
        position, last = position >> 1, last >> 1
    return current if last == 0 else None


def _consistent(old_size, new_size, old_root, new_root, path):
    """RFC 9162 §2.1.4.2."""
    if old_size == new_size:
        return not path and old_root == new_root
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
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


def _shape(value, keys, where):
    """`value` is an object with exactly `keys`."""
    if not isinstance(value, dict):
        raise Unreadable(f"{where} 不是对象", f"{where} is not an object")
    for key in sorted(set(value) ^ keys):
        zh = "缺少" if key in keys else "不应有"
        en = "lacks" if key in keys else "should not have"
        raise Tampered(f"{where}.{key}", f"{where} {zh} {key}", f"{where} {en} {key}")
    return value


def _hex(value, length, where):
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{%d}" % (2 * length), value):
        raise Tampered(where, f"{where} 不是 {length} 字节的十六进制", f"{where} is not hex")
    return bytes.fromhex(value)


def _whole(value, where):
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**53:
        raise Tampered(where, f"{where} 不是自然数", f"{where} is not a natural number")
    return value


def _sha(*parts):
    return hashlib.sha256(b"".join(parts)).hexdigest()


# --- checks --------------------------------------------------------------------------------------


def check_event(event, where):
    """Digests and hash of one event; returns what was checked of its personal part."""
    _shape(event, EVENT_KEYS, where)
    header = _shape(event["header"], HEADER_KEYS, where + ".header")
    number = header["seq"]
    sealed, personal, salt = event["sealed_digest"], event["personal"], event["salt"]
    if sealed is not None:
        _hex(sealed, 32, where + ".sealed_digest")
    if (personal is None) != (salt is None) or (personal is not None and sealed is None):
        raise Tampered(
            where + ".personal",
            f"第 {number} 条事件的个人信息、盐和封存摘要不成套",
            f"personal data, salt and sealed digest of event {number} do not belong together",
        )
    if not isinstance(event["payload"], dict):
        raise Tampered(where + ".payload", "payload 不是对象", "payload is not an object")
    if personal is not None:
        digest = _sha(_hex(salt, 16, where + ".salt"), canonical(personal))
        if digest != sealed:
            raise Tampered(
                where + ".personal",
                f"第 {number} 条事件的个人信息（或盐）与封存摘要不符，已被改动",
                f"personal data (or salt) of event {number} does not match its sealed digest",
            )
    digest = _sha(canonical({"open": event["payload"], "sealed": sealed}))
    if digest != header["payload_digest"]:
        raise Tampered(
            where + ".payload",
            f"第 {number} 条事件的 payload 与摘要不符，内容、封存摘要或摘要已被改动",
            f"payload of event {number} does not match its digest",
        )
    if _sha(canonical(header)) != event["hash"]:
        raise Tampered(
            where + ".header",
            f"第 {number} 条事件的 header 与事件哈希不符，时间、人员、种类或哈希已被改动",
            f"header of event {number} does not match its hash",
        )
    if sealed is None:
        return "none"
    return "checked" if personal is not None else "withheld"


def check_head(head, public, pinned):
    """The signature of a tree head."""
    _shape(head, HEAD_KEYS, "tree_head")
    key = _hex(public, 32, "public_key")
    if pinned and public != pinned:
        raise Tampered("public_key", "公钥不是您指定的公钥", "the public key is not the pinned one")
    if head["key_id"] != _sha(key)[:16]:
        raise Tampered(
            "tree_head.key_id",
            "key_id 与公钥不符，其中之一已被改动",
            "key_id does not belong to the public key: one of them was changed",
        )
    signed = {name: head[name] for name in HEAD_KEYS if name != "signature"}
    signed["format"] = "tongdian-tree-head-1"
    if not verify_signature(key, canonical(signed), _hex(head["signature"], 64, "signature")):
        raise Tampered(
            "tree_head",
            "树头签名不成立，树头（大小、根、时间、签名）已被改动",
            "the signature of the tree head does not hold: size, root, time or signature changed",
        )


def check_receipt(receipt, pinned=None):
    """A receipt: the event, its place in the log, the signed head."""
    _shape(receipt, RECEIPT_KEYS, "receipt")
    personal = check_event(receipt["event"], "event")
    check_head(receipt["tree_head"], receipt["public_key"], pinned)
    inclusion = _shape(receipt["inclusion"], INCLUSION_KEYS, "inclusion")
    head = receipt["tree_head"]
    index = _whole(inclusion["leaf_index"], "inclusion.leaf_index")
    size = _whole(inclusion["tree_size"], "inclusion.tree_size")
    if size != head["tree_size"] or index >= size:
        raise Tampered(
            "inclusion.tree_size",
            "包含证明的树大小与树头不符",
            "tree size of the inclusion proof and of the head differ",
        )
    if not isinstance(inclusion["path"], list):
        raise Tampered("inclusion.path", "path 不是数组", "path is not a list")
    path = [_hex(part, 32, f"inclusion.path[{i}]") for i, part in enumerate(inclusion["path"])]
    leaf = _leaf(bytes.fromhex(receipt["event"]["hash"]))
    root = _root_from_path(leaf, index, size, path)
    if root is None or root.hex() != head["root_hash"]:
        raise Tampered(
            "inclusion",
            "包含证明不能导出树根，证明路径、位置或事件已被改动",
            "the inclusion proof does not lead to the root: path, index or event was changed",
        )
    header = receipt["event"]["header"]
    return {
        "kind": "receipt",
        "case": header["case"],
        "seq": header["seq"],
        "event": header["kind"],
        "recorded_at": header["recorded_at"],
        "personal": personal,
        "tree_size": size,
        "signed_at": head["timestamp"],
        "public_key": receipt["public_key"],
        "pinned": bool(pinned),
    }


def check_case(export):
    """A whole case: every event and the chain between them."""
    _shape(export, CASE_KEYS, "case")
    if not isinstance(export["events"], list) or not export["events"]:
        raise Unreadable("没有任何事件", "it holds no events")
    previous = GENESIS
    for number, event in enumerate(export["events"], start=1):
        check_event(event, f"events[{number}]")
        header = event["header"]
        if header["case"] != export["case"]:
            raise Tampered(
                f"events[{number}].header.case",
                f"第 {number} 条事件不属于案件 {export['case']}",
                f"event {number} does not belong to case {export['case']}",
            )
        if header["seq"] != number or header["previous_hash"] != previous:
            raise Tampered(
                f"events[{number}].header.previous_hash",
                f"第 {number} 条事件没有接在前一条之后，有事件被删除、插入或调换",
                f"event {number} does not follow the one before: removed, inserted or swapped",
            )
        previous = event["hash"]
    return {"kind": "case", "case": export["case"], "events": len(export["events"])}


def check_consistency(old, new, proof, pinned=None):
    """Two receipts of one log: the later tree only adds to the earlier."""
    check_receipt(old, pinned)
    check_receipt(new, pinned or old["public_key"])
    first, second = old["tree_head"], new["tree_head"]
    if first["tree_size"] > second["tree_size"]:
        first, second = second, first
    if first["log_id"] != second["log_id"]:
        raise Tampered("tree_head.log_id", "两个回执不属于同一日志", "they are of different logs")
    parts = proof.get("path") if isinstance(proof, dict) else None
    if not isinstance(parts, list):
        raise Unreadable("一致性证明缺少 path", "the consistency proof has no path")
    path = [_hex(part, 32, f"path[{i}]") for i, part in enumerate(parts)]
    roots = bytes.fromhex(first["root_hash"]), bytes.fromhex(second["root_hash"])
    if not _consistent(first["tree_size"], second["tree_size"], *roots, path):
        raise Tampered(
            "consistency",
            "两个树头不一致：较晚的日志改写了较早的内容，或证明已被改动",
            "the later log is not an extension of the earlier one, or the proof was changed",
        )
    return {"kind": "consistency", "from": first["tree_size"], "to": second["tree_size"]}


def check(document, pinned=None):
    """A receipt or a case export, by its format."""
    kind = document.get("format") if isinstance(document, dict) else None
    if kind == "tongdian-receipt-1":
        return check_receipt(document, pinned)
    if kind == "tongdian-case-1":
        return check_case(document)
    raise Unreadable(
        "不是通电回执或案件导出文件（format 不认识）",
        "not a Tongdian receipt or case export (unknown format)",
    )


# --- reading and speaking ------------------------------------------------------------------------


def _no_duplicates(pairs):
    seen = {}
    for key, value in pairs:
        if key in seen:
            raise Unreadable(f"同一个键出现两次：{key}", f"the key {key} appears twice")
        seen[key] = value
    return seen


def _no_constant(text):
    raise Unreadable(f"含有 {text}", f"it holds {text}")


def parse(text):
    """A JSON document; duplicate keys and odd numbers are refused."""
    try:
        return json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"不是完整的 JSON：{error}", f"not whole JSON: {error}") from None


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"读不了 {path}：{error}", f"cannot read {path}: {error}") from None


def _words(result, language):
    if result["kind"] == "receipt":
        withheld = {
            "zh": {"withheld": "（个人信息未附，只核对了封存摘要）"},
            "en": {"withheld": " (personal data not attached; its sealed digest was checked)"},
        }[language].get(result["personal"], "")
        if language == "zh":
            text = "核验通过：案件 {case} 第 {seq} 条事件“{event}”，记录于 {recorded_at}，"
            text += "已列入 {tree_size} 条的日志，树头签于 {signed_at}。"
        else:
            text = "Verified: event {seq} ({event}) of case {case}, recorded {recorded_at}, is in"
            text += " the log of {tree_size} events, signed {signed_at}."
        return text.format(**result) + withheld
    if result["kind"] == "case":
        text = {
            "zh": "核验通过：案件 {case} 的 {events} 条事件前后相接，没有改动。",
            "en": "Verified: the {events} events of case {case} follow each other, unchanged.",
        }
    else:
        text = {
            "zh": "核验通过：日志从 {from} 条到 {to} 条只有增加，没有改写。",
            "en": "Verified: from {from} to {to} events the log was only added to.",
        }
    return text[language].format(**result)


def _run(files, pinned):
    if len(files) == 3:
        return check_consistency(*(read(path) for path in files), pinned=pinned)
    if len(files) != 1:
        raise Unreadable(
            "请给出一个文件，或两个回执加一个一致性证明",
            "give one file, or two receipts and a consistency proof",
        )
    return check(read(files[0]), pinned)


def main(argv=None):
    """The command. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="verify.py", description="通电回执核验 · Verify Tongdian receipts"
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--key", help="日志公钥（十六进制） · the log's public key in hex")
    parser.add_argument("--json", action="store_true", help="给程序用 · for programs")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    options = parser.parse_args(argv)
    try:
        result = _run(options.files, options.key)
    except Tampered as error:
        return _report(options, 1, "核验不通过：", "Not verified: ", error, error.part)
    except Unreadable as error:
        return _report(options, 2, "无法核验：", "Cannot verify: ", error, None)
    if options.json:
        print(json.dumps({"verified": True, **result}, ensure_ascii=False))
    else:
        print(_words(result, options.lang))
    return 0


def _report(options, status, zh, en, error, part):
    if options.json:
        body = {"verified": False, "part": part, "zh": error.zh, "en": error.en}
        print(json.dumps(body, ensure_ascii=False))
    else:
        text = zh + error.zh if options.lang == "zh" else en + error.en
        print(text, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
