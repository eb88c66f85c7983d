"""Query codes and sealed secrets."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.service.identity import codes
from tongdian.service.identity.adapters import MFAAdapter

bodies = st.text(alphabet=codes.CROCKFORD, min_size=9, max_size=9)


@given(bodies, st.integers(0, 9), st.sampled_from(codes.CROCKFORD))
def test_every_single_slip_is_caught(body: str, place: int, other: str) -> None:
    code = body + codes.check_character(body)
    slipped = code[:place] + other + code[place + 1 :]
    assert codes.is_query_code(code)
    assert codes.is_query_code(slipped) is (slipped == code)


def test_most_swaps_of_neighbours_are_caught() -> None:
    found = missed = 0
    for _ in range(300):
        code = codes.normalise_code(codes.new_query_code())
        for i in range(9):
            swapped = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            if swapped != code:
                found += 1
                missed += codes.is_query_code(swapped)
    assert missed / found < 0.05


def test_what_people_type_is_understood() -> None:
    body = "0A1B2C3D4"
    code = body + codes.check_character(body)
    typed = f" oa{'l'}b2-c3d4{code[-1].lower()} "
    assert codes.normalise_code(typed) == code
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in code)
    assert codes.is_query_code(full_width)
    assert not codes.is_query_code(code[:-1])
    assert not codes.is_query_code("")


def test_codes_do_not_repeat_and_have_the_printed_form() -> None:
    made = {codes.new_query_code() for _ in range(2000)}
    assert len(made) == 2000
    assert all(len(code) == 11 and code[5] == "-" for code in made)


def test_digest_depends_on_key_purpose_and_the_split_of_parts(settings: object) -> None:
    one = codes.keyed_digest("a", "x", "y")
    assert one != codes.keyed_digest("b", "x", "y")
    assert one != codes.keyed_digest("a", "xy", "")
    former = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    settings.SECRET_KEY_FALLBACKS = [former]  # type: ignore[attr-defined]
    assert codes.keyed_digest("a", "x", "y") != one
    assert one in codes.keyed_digests("a", "x", "y")


def test_authenticator_secrets_are_sealed(settings: object) -> None:
    adapter = MFAAdapter()
    sealed = adapter.encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in sealed
    assert sealed != adapter.encrypt("JBSWY3DP")
    assert adapter.decrypt(sealed) == "JBSWY3DP"
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]  # type: ignore[attr-defined]
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    assert adapter.decrypt(sealed) == "JBSWY3DP"
    raw = bytearray(base64.b64decode(sealed[3:]))
    raw[-1] ^= 1
    with pytest.raises(ValueError, match="sealed"):
        adapter.decrypt("v1:" + base64.b64encode(bytes(raw)).decode())
