"""Canonical JSON against the examples of RFC 8785 and the reference implementation."""

import json
import math
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tongdian.proof import canonical as ours
from tongdian.proof import verify

WRITERS = [ours.canonical, verify.canonical]
# RFC 8785 appendix B: the bits of a double and its text.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]
SAMPLE = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
SAMPLE_TEXT = (
    r'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
)
SORTED_KEYS = ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12
)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_of_the_standard(write: Callable[[Any], bytes], bits: str, text: str) -> None:
    assert write(struct.unpack(">d", bytes.fromhex(bits))[0]) == text.encode()


@pytest.mark.parametrize("write", WRITERS)
def test_sample_of_the_standard(write: Callable[[Any], bytes]) -> None:
    assert write(json.loads(SAMPLE)) == SAMPLE_TEXT.encode()


@pytest.mark.parametrize("write", WRITERS)
def test_keys_are_ordered_by_utf16(write: Callable[[Any], bytes]) -> None:
    assert list(json.loads(write({key: 1 for key in sorted(SORTED_KEYS)}))) == SORTED_KEYS


@given(values)
def test_both_writers_agree_with_the_reference(value: Any) -> None:
    assert ours.canonical(value) == verify.canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1, {"b": math.nan}]}, "$.a[1].b"),
        ({"a": math.inf}, "$.a"),
        ([2**53], "$[0]"),
        ([-(2**53)], "$[0]"),
        ({"load_kw": Decimal(8)}, "$.load_kw"),
        ({"a": {1: "x"}}, "$.a"),
        ({"at": datetime(2026, 1, 1, tzinfo=UTC)}, "$.at"),
        ({"a": "half \ud800"}, "$.a"),
        ({"x": {"half \ud800": 1}}, "$.x"),
        (b"bytes", "$"),
    ],
)
def test_refusals_name_the_path(value: Any, path: str) -> None:
    with pytest.raises(TypeError) as refusal:
        ours.canonical(value)
    assert str(refusal.value).startswith(path + " ")


def test_endless_nesting_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(TypeError, match="nested too deeply"):
        ours.canonical(loop)


def test_instants_are_utc_with_six_digits() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert (
        ours.instant_text(datetime(2026, 11, 24, 14, 56, 52, tzinfo=shanghai))
        == "2026-11-24T06:56:52.000000Z"
    )
    assert ours.instant_text(datetime(987, 1, 2, 3, 4, 5, 6, tzinfo=UTC)).startswith("0987-01-02")
    with pytest.raises(ValueError, match="time zone"):
        ours.instant_text(datetime(2026, 11, 24))  # noqa: DTZ001
