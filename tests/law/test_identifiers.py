"""Identifiers: published vectors, the slips each scheme promises to catch, refusals in words."""

import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tongdian.law import identifiers as ids
from tongdian.law.identifiers import IdentifierError

TODAY = date(2026, 11, 24)
DIGITS = "0123456789"
ALPHANUMERIC = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCCS = [
    "914403001922038216",
    "9144030071526726XG",
    "91330100716105852F",
    "91350100M000100Y43",
    "11420503087246977F",
    "11100000MB0341032Y",
    "1110000000001332XW",
]
RESIDENT_IDS = ["11010519491231002X", "440524188001010014"]
BIRTHS = st.dates(date(1900, 1, 1), TODAY)
FICTITIOUS_IDS = st.builds(
    lambda birth, sequence, area: ids.make_resident_id(birth, sequence, area=area),
    BIRTHS,
    st.integers(0, 999),
    st.integers(0, 99),
)
FICTITIOUS_USCCS = st.builds(
    lambda sequence, kind: ids.make_uscc(sequence, kind=kind),
    st.integers(0, 31**6 - 1),
    st.sampled_from(sorted(ids.ORGANISATION_KINDS)),
)
LICENCE = ids.make_licence_identifier("1110000000001332XW059", ids.make_uscc(7), "A1" * 10)


def refusal(parse: Callable[..., Any], value: str, **options: Any) -> IdentifierError:
    with pytest.raises(IdentifierError) as caught:
        parse(value, **options)
    return caught.value


# Published vectors


@pytest.mark.parametrize("code", USCCS)
def test_published_credit_codes(code: str) -> None:
    parsed = ids.parse_uscc(code)
    assert parsed.text == code
    assert ids.check_character_uscc(code[:17]) == code[17]
    assert ids.check_character_organisation_code(code[8:16]) == code[16]
    assert ids.parse_organisation_code(code[8:17]).text == parsed.organisation_code
    assert parsed.kind == (
        ("企业", "enterprise") if code.startswith("91") else ("机关", "state organ")
    )
    assert not ids.is_fictitious_uscc(code)


def test_published_resident_ids() -> None:
    woman, man = (ids.parse_resident_id(number) for number in RESIDENT_IDS)
    assert (woman.birth_date, woman.sex, woman.division) == (date(1949, 12, 31), "female", "110105")
    assert (man.birth_date, man.sex, man.sequence) == (date(1880, 1, 1), "male", 1)
    assert not any(map(ids.is_fictitious_resident_id, RESIDENT_IDS))


def test_published_iso_7064_check() -> None:
    assert ids.check_character_mod_37_36("A12425GABC1234002") == "M"
    # ISO 7064 itself: 0794 carries the check digit 5 in MOD 11,10.
    assert ids.check_character_mod_11_10("0794") == "5"


def test_published_project_code() -> None:
    project = ids.parse_project_code("2509-320193-89-01-544060", today=TODAY)
    assert (project.year, project.month, project.division) == (2025, 9, "320193")
    assert (project.industry, project.kind, project.sequence) == ("89", "01", "544060")
    assert ids.parse_project_code("25093201938901544060", today=TODAY) == project


@pytest.mark.parametrize(
    ("group", "year", "month"),
    [("2016", 2016, None), ("2020", 2020, None), ("2009", 2020, 9), ("2012", 2020, 12)],
)
def test_first_group_of_a_project_code(group: str, year: int, month: int | None) -> None:
    project = ids.parse_project_code(f"{group}-520103-04-01-000001", today=TODAY)
    assert (project.year, project.month) == (year, month)


def test_real_estate_unit_level_by_level() -> None:
    unit = ids.parse_real_estate_unit("520102 001002 GB00003 F00040005")
    assert unit.text == "520102001002GB00003F00040005"
    assert unit.formatted == "520102 001002 GB00003 F00040005"
    assert (unit.division, unit.cadastral_area, unit.cadastral_subarea) == ("520102", "001", "002")
    assert (unit.ownership, unit.right, unit.parcel) == ("G", "B", "00003")
    assert (unit.fixture, unit.building, unit.unit) == ("F", "0004", "0005")
    assert ids.parse_real_estate_unit("520102001002JA00003W00000000").fixture == "W"


def test_divisions_of_guiyang() -> None:
    assert {division.code for division in ids.DISTRICTS} == {
        *("520102", "520103", "520111", "520112", "520113"),
        *("520115", "520121", "520122", "520123", "520181"),
    }
    assert len(ids.ZONES) == 5
    assert all(zone.is_extension and not zone.code.isdigit() for zone in ids.ZONES)
    for code, division in ids.GUIYANG_DIVISIONS.items():
        assert ids.parse_division(code) is division
    assert ids.parse_division("５２０１００") is ids.GUIYANG
    assert ids.parse_division("5201gx").zh == "贵阳高新区"
    assert refusal(ids.parse_division, "520114").code == "unknown_division"


def test_licence_identifier() -> None:
    licence = ids.parse_licence_identifier(LICENCE.lower())
    assert licence.text == LICENCE
    assert licence.type_code == "1110000000001332XW059"
    assert (licence.serial, licence.version) == ("A1" * 10, "001")
    assert ids.is_fictitious_licence_identifier(LICENCE)


# What the schemes promise to catch


def substituted(text: str, alphabet: str, data: st.DataObject) -> str:
    position = data.draw(st.integers(0, len(text) - 1))
    return text[:position] + data.draw(st.sampled_from(alphabet)) + text[position + 1 :]


def transposed(text: str, data: st.DataObject) -> tuple[str, str, str]:
    position = data.draw(st.integers(0, len(text) - 2))
    one, two = text[position : position + 2]
    return text[:position] + two + one + text[position + 2 :], one, two


@given(FICTITIOUS_USCCS | st.sampled_from(USCCS), st.data())
def test_credit_codes_catch_every_substitution_and_transposition(
    code: str, data: st.DataObject
) -> None:
    slips = (substituted(code, ids.USCC_ALPHABET, data), transposed(code, data)[0])
    for slip in slips:
        if slip != code:
            assert ids.check_character_uscc(slip[:17]) != slip[17]
            refusal(ids.parse_uscc, slip)


@given(FICTITIOUS_IDS | st.sampled_from(RESIDENT_IDS), st.data())
def test_resident_ids_catch_every_substitution_and_transposition(
    number: str, data: st.DataObject
) -> None:
    slips = (substituted(number, "0123456789X", data), transposed(number, data)[0])
    for slip in slips:
        if slip != number:
            refusal(ids.parse_resident_id, slip, today=TODAY)


@given(st.integers(0, 31**6 - 1).map(ids.make_organisation_code), st.data())
def test_organisation_codes_catch_what_modulus_11_can(code: str, data: st.DataObject) -> None:
    def value(character: str, last: bool) -> int:
        return 10 if last and character == "X" else ALPHANUMERIC.index(character)

    slip = substituted(code, ALPHANUMERIC, data)
    changed = [index for index in range(9) if slip[index] != code[index]]
    if changed and (
        changed[0] == 8 or (value(slip[changed[0]], False) - value(code[changed[0]], False)) % 11
    ):
        refusal(ids.parse_organisation_code, slip)
    slip, one, two = transposed(code, data)
    if (ALPHANUMERIC.index(one) - ALPHANUMERIC.index(two)) % 11 and slip[8] == code[8]:
        refusal(ids.parse_organisation_code, slip)


@given(st.integers(0, 10**8 - 1).map(ids.make_registration_number), st.data())
def test_registration_numbers_catch_what_mod_11_10_can(number: str, data: st.DataObject) -> None:
    slip = substituted(number, DIGITS, data)
    if slip != number:
        refusal(ids.parse_registration_number, slip)
    slip, one, two = transposed(number, data)
    # The scheme misses some swaps of neighbouring digits, and none of others.
    if (int(one) - int(two)) % 10 not in (0, 1, 9):
        refusal(ids.parse_registration_number, slip)


@given(st.text(ALPHANUMERIC, min_size=1, max_size=40), st.data())
def test_mod_37_36_catches_every_substitution(body: str, data: st.DataObject) -> None:
    text = body + ids.check_character_mod_37_36(body)
    slip = substituted(text, ALPHANUMERIC, data)
    assume(slip != text)
    assert ids.check_character_mod_37_36(slip[:-1]) != slip[-1]
    slip, one, two = transposed(text, data)
    if (ALPHANUMERIC.index(one) - ALPHANUMERIC.index(two)) % 36 not in (0, 1, 35):
        assert ids.check_character_mod_37_36(slip[:-1]) != slip[-1]


@given(st.data())
def test_licence_identifiers_catch_every_substitution(data: st.DataObject) -> None:
    slip = substituted(LICENCE, ALPHANUMERIC + ".", data)
    assume(slip != LICENCE)
    refusal(ids.parse_licence_identifier, slip)


@pytest.mark.parametrize(
    ("check", "body"),
    [
        (ids.check_character_uscc, "9144030071526726"),
        (ids.check_character_uscc, "I144030071526726X"),
        (ids.check_character_organisation_code, "1234567"),
        (ids.check_character_resident_id, "1101051949123100X"),
        (ids.check_character_resident_id, "1101051949123100٣"),
        (ids.check_character_mod_11_10, "12A"),
        (ids.check_character_mod_37_36, "12a"),
    ],
)
def test_check_characters_refuse_other_alphabets(check: Callable[[str], str], body: str) -> None:
    with pytest.raises(ValueError, match=r"alphabet|characters|digits"):
        check(body)


# Fictitious ones


@given(BIRTHS, st.integers(0, 999), st.integers(0, 99))
def test_made_resident_ids_are_valid_and_nobodys(birth: date, sequence: int, area: int) -> None:
    number = ids.make_resident_id(birth, sequence, area=area)
    parsed = ids.parse_resident_id(number, today=TODAY)
    assert (parsed.birth_date, parsed.sequence) == (birth, sequence)
    assert parsed.sex == ("male" if sequence % 2 else "female")
    assert number.startswith("5299")
    assert ids.is_fictitious_resident_id(number)


@given(st.integers(0, 31**6 - 1), st.integers(0, 31**6 - 1))
def test_made_credit_codes_are_valid_nobodys_and_distinct(one: int, two: int) -> None:
    first, second = ids.make_uscc(one), ids.make_uscc(two)
    assert (first == second) == (one == two)
    parsed = ids.parse_uscc(first)
    assert parsed.division == "520199"
    assert ids.is_fictitious_uscc(first)
    assert ids.is_fictitious_organisation_code(parsed.organisation_code)


def test_other_made_codes_are_valid_and_nobodys() -> None:
    number = ids.make_registration_number(12345)
    assert ids.parse_registration_number(number).sequence == "00012345"
    assert ids.is_fictitious_registration_number(number)
    unit = ids.make_real_estate_unit("520103", 12, 3, 401, subarea=7)
    assert ids.parse_real_estate_unit(unit).cadastral_subarea == "007"
    assert ids.is_fictitious_real_estate_unit(unit)
    project = ids.make_project_code(2021, 9, "520103", 42)
    assert project == "2109-520103-99-99-000042"
    assert ids.parse_project_code(project, today=TODAY).text == project
    assert ids.is_fictitious_project_code(project)
    assert not ids.is_fictitious_project_code("2509-320193-89-01-544060")


@pytest.mark.parametrize(
    "make",
    [
        lambda: ids.make_resident_id(date(1990, 1, 1), 1000),
        lambda: ids.make_resident_id(date(1990, 1, 1), 1, area=100),
        lambda: ids.make_organisation_code(31**6),
        lambda: ids.make_uscc(1, kind="99"),
        lambda: ids.make_registration_number(-1),
        lambda: ids.make_real_estate_unit("5201GX", 1, 1, 1),
        lambda: ids.make_real_estate_unit("520102", 0, 1, 1),
        lambda: ids.make_project_code(2021, 13, "520103", 1),
        lambda: ids.make_project_code(2021, 1, "5201GX", 1),
    ],
)
def test_makers_refuse_what_does_not_fit(make: Callable[[], str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        make()


# Typed by people


@given(
    st.sampled_from(USCCS),
    st.lists(st.tuples(st.integers(0, 18), st.sampled_from(" \t\u3000\u200b-–—－−")), max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_spaces_hyphens_width_and_case_do_not_matter(
    code: str, inserted: list[tuple[int, str]], wide: bool, lower: bool
) -> None:
    typed = code.lower() if lower else code
    if wide:
        typed = "".join(chr(ord(character) + 0xFEE0) for character in typed)
    for position, separator in inserted:
        typed = typed[:position] + separator + typed[position:]
    assert ids.normalise(typed) == code
    assert ids.parse_uscc(typed).text == code


@pytest.mark.parametrize(
    ("value", "code", "position"),
    [
        ("", "empty", None),
        (" - ", "empty", None),
        ("5299001990010112", "wrong_length", None),
        ("529900900101123", "wrong_length", None),
        ("5" * 5000, "wrong_length", None),
        ("52O900199001011234", "illegal_character", 3),
        ("52990019900101123A", "illegal_character", 18),
        ("52990019900101123٣", "illegal_character", 18),
        ("992900199001011234", "unknown_province", 1),
        ("529900199002301234", "impossible_date", 7),
        ("529900000001011234", "impossible_date", 7),
        ("529900184912311234", "impossible_date", 7),
        ("529900202611251234", "future_date", 7),
        ("529900199001021235", "wrong_check_character", 18),
    ],
)
def test_wrong_resident_ids(value: str, code: str, position: int | None) -> None:
    error = refusal(ids.parse_resident_id, value, today=TODAY)
    assert (error.field, error.code, error.position) == ("resident_id", code, position)


def test_someone_born_today_is_not_from_the_future() -> None:
    number = ids.make_resident_id(TODAY, 1)
    assert ids.parse_resident_id(number, today=TODAY).birth_date == TODAY
    assert refusal(ids.parse_resident_id, number, today=date(2026, 11, 23)).code == "future_date"


@pytest.mark.parametrize(
    ("parse", "value", "code", "position"),
    [
        (ids.parse_uscc, "9133010071610585", "wrong_length", None),
        (ids.parse_uscc, "9133O100716105852F", "illegal_character", 5),
        (ids.parse_uscc, "913301A0716105852F", "illegal_character", 7),
        (ids.parse_uscc, "9133010071610585@F", "illegal_character", 17),
        (ids.parse_uscc, "91330100716105852G", "wrong_check_character", 18),
        (ids.parse_organisation_code, "71610585-A", "illegal_character", 9),
        (ids.parse_organisation_code, "71610585-3", "wrong_check_character", 9),
        (ids.parse_registration_number, "990100000000011", "unknown_province", 1),
        (ids.parse_registration_number, "52010000000001A", "illegal_character", 15),
        (ids.parse_real_estate_unit, "520102001001KB00001F00010001", "illegal_character", 13),
        (ids.parse_real_estate_unit, "520102001001G100001F00010001", "illegal_character", 14),
        (ids.parse_real_estate_unit, "520102001001GB00001X00010001", "illegal_character", 20),
        (ids.parse_real_estate_unit, "520102001001GB00001W00010001", "wrong_form", 21),
        (ids.parse_real_estate_unit, "990102001001GB00001F00010001", "unknown_province", 1),
        (ids.parse_real_estate_unit, "520102001001GB00001F0001", "wrong_length", None),
        (ids.parse_project_code, "2515-520103-89-01-544060", "impossible_date", 1),
        (ids.parse_project_code, "2015-520103-89-01-544060", "impossible_date", 1),
        (ids.parse_project_code, "9909-520103-89-01-544060", "future_date", 1),
        (ids.parse_project_code, "2509-990103-89-01-544060", "unknown_province", 5),
        (ids.parse_project_code, "2509-5201GX-89-01-544060", "illegal_character", 9),
        (ids.parse_licence_identifier, LICENCE[:-1] + "_", "illegal_character", 82),
        (ids.parse_licence_identifier, "2" + LICENCE[1:], "wrong_form", None),
    ],
)
def test_other_wrong_codes(
    parse: Callable[[str], Any], value: str, code: str, position: int | None
) -> None:
    error = refusal(parse, value)
    assert (error.code, error.position) == (code, position)


def test_a_wrong_credit_code_within_a_licence_is_named() -> None:
    wrong = LICENCE.replace(ids.make_uscc(7), ids.make_uscc(7)[:-1] + "0")
    error = refusal(ids.parse_licence_identifier, wrong)
    assert error.code == "wrong_check_character"
    assert wrong[: error.position].endswith(ids.make_uscc(7)[:-1] + "0")
    assert "统一社会信用代码" in error.rule_zh


def test_a_credit_code_whose_organisation_code_is_wrong() -> None:
    body = "91520199XN0000010"
    error = refusal(ids.parse_uscc, body + ids.check_character_uscc(body))
    assert (error.code, error.position) == ("wrong_check_character", 17)


def test_a_look_alike_letter_gets_a_hint_but_no_check_character_does() -> None:
    error = refusal(ids.parse_uscc, "9133O100716105852F")
    assert "是否应为0" in error.remedy_zh
    assert "was 0 meant" in error.remedy_en
    error = refusal(ids.parse_resident_id, "529900199001021235", today=TODAY)
    assert "数字加1位校验码" in error.remedy_zh


@given(st.text(max_size=40) | FICTITIOUS_IDS.map(lambda number: number[:17] + "A"))
def test_no_refusal_gives_the_value_away(value: str) -> None:
    text = ids.normalise(value)
    assume(len(text) > 3)
    error = refusal(ids.parse_resident_id, value, today=TODAY)
    assert text not in error.value_masked
    assert value.strip() not in str(error)
    assert error.value_masked.count("*") >= len(text) / 2
    for words in (error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en):
        assert words


def test_refusals_survive_pickling_and_parsed_ids_hide_themselves() -> None:
    error = refusal(ids.parse_resident_id, "52990019900102123٣", today=TODAY)
    copy = pickle.loads(pickle.dumps(error))
    assert vars(copy) == vars(error)
    assert str(copy) == str(error)
    parsed = ids.parse_resident_id(RESIDENT_IDS[0])
    assert RESIDENT_IDS[0] not in repr(parsed)
    assert "1949" not in repr(parsed)


def test_masks() -> None:
    assert ids.mask_resident_id("529900199001021234") == "52************1234"
    assert ids.mask_uscc("91330100716105852F") == "9133**********852F"
    assert ids.mask_organisation_code("71610585-2") == "7*****852"
    assert ids.mask_registration_number("520199000123456") == "5201********456"
    assert ids.mask_real_estate_unit("520102001001GB00001F00010001") == f"520102{'*' * 18}0001"
    assert ids.mask_project_code("2509-320193-89-01-544060") == "25093201**********60"
    assert ids.mask_licence_identifier(LICENCE) == f"1.2.156.3005.2{'*' * 64}{LICENCE[-4:]}"
    assert [ids.mask(text) for text in ("", "1", "12", "123456")] == ["", "*", "1*", "12***6"]


@given(st.text(max_size=60), st.integers(0, 12), st.integers(0, 12))
def test_a_mask_keeps_the_length_and_hides_at_least_half(text: str, start: int, end: int) -> None:
    masked = ids.mask(text, start, end)
    assert len(masked) == len(text)
    shown = [index for index in range(len(text)) if masked[index] != "*"]
    assert len(shown) <= len(text) // 2
    assert all(masked[index] == text[index] for index in shown)
