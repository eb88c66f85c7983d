"""Sealed values: opened only here, only in their place, with whichever key of the ring."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from support.cases import submit
from support.people import make_user
from tongdian.service.casework.grants import APPEND_ONLY
from tongdian.service.casework.models import Event
from tongdian.service.identity.models import User
from tongdian.service.sealing import SealBroken, blind_index, seal, unseal
from tongdian.service.sealing.cipher import sealed_with
from tongdian.service.sealing.keyring import KeyringUnreadable, keyring, rotate
from tongdian.service.sealing.resealing import reseal, sealed_by_key
from tongdian.service.sealing.storage import MARK

PLACE = "somewhere.column"


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """A ring of its own."""
    settings.DATA_KEYS_FILE = tmp_path / "keys" / "data-keys.json"
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return Path(settings.DATA_KEYS_FILE)


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again_and_never_looks_the_same(plain: bytes) -> None:
    sealed = seal(plain, PLACE)
    assert unseal(sealed, PLACE) == plain
    assert seal(plain, PLACE) != sealed
    assert len(plain) < 4 or plain not in sealed


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(SealBroken, match="other\\.column"):
        unseal(seal(b"x", PLACE), "other.column")


def test_no_bit_of_it_can_be_changed() -> None:
    sealed = seal("示例".encode(), PLACE)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SealBroken):
            unseal(bytes(changed), PLACE)
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            unseal(sealed[:length], PLACE)


def test_the_file_is_made_once_for_its_owner_alone(keys: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keyring(), range(16)))
    assert len({ring.index_key for ring in rings}) == 1
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [path.name for path in keys.parent.iterdir()] == [keys.name]


def test_several_processes_that_come_first_make_one_ring(keys: Path) -> None:
    code = (
        "import django; django.setup()\n"
        "from tongdian.service.sealing import blind_index; print(blind_index('a', 'b'))"
    )
    environment = {
        **os.environ,
        "TONGDIAN_DATA_KEYS_FILE": str(keys),
        "DJANGO_SETTINGS_MODULE": "tongdian.service.settings",
    }
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    said = {process.communicate()[0] for process in running}
    assert said == {f"{blind_index('a', 'b')}\n".encode()}


def test_a_new_key_is_used_at_once_and_the_old_one_still_opens(keys: Path) -> None:
    old = seal(b"x", PLACE)
    first = sealed_with(old)
    index = blind_index(PLACE, "resident_id", "529900199001010011")
    second = rotate().id
    assert second > first
    assert (sealed_with(old), sealed_with(seal(b"x", PLACE))) == (first, second)
    assert unseal(old, PLACE) == b"x"
    assert blind_index(PLACE, "resident_id", "529900199001010011") == index


def test_a_ring_replaced_by_another_process_is_seen(keys: Path) -> None:
    seal(b"x", PLACE)
    data = json.loads(keys.read_text())
    data["keys"].append({**data["keys"][0], "id": 2**32 - 1})
    beside = keys.with_name("beside")
    beside.write_text(json.dumps(data))
    beside.replace(keys)
    assert sealed_with(seal(b"x", PLACE)) == 2**32 - 1


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"keys": [], "index_key": "eA=="}'])
def test_a_damaged_file_is_never_replaced_by_new_keys(keys: Path, content: str) -> None:
    keys.parent.mkdir()
    keys.write_text(content)
    with pytest.raises(KeyringUnreadable):
        seal(b"x", PLACE)
    assert keys.read_text() == content


def test_a_value_of_a_lost_key_says_so(keys: Path) -> None:
    rotate()
    sealed = seal(b"x", PLACE)
    keys.unlink()
    with pytest.raises(SealBroken, match="which this installation does not have"):
        unseal(sealed, PLACE)


def test_equal_identifiers_are_found_without_being_stored() -> None:
    number = "529900199001010011"
    digest = blind_index("a.b", "resident_id", number)
    assert digest == blind_index("a.b", "resident_id", number)
    assert number not in digest
    others = {
        blind_index("a.c", "resident_id", number),
        blind_index("a.b", "uscc", number),
        blind_index("a.b", "resident_id", number[:-1]),
        blind_index("a.b", "resident_i", "d" + number),
    }
    assert len(others | {digest}) == 5
    assert blind_index("a.b", "resident_id", "") == ""


@pytest.mark.django_db
def test_the_database_holds_no_personal_data_in_the_clear() -> None:
    event = submit("resident").event
    make_user("phone-owner")
    User.objects.filter(username="phone-owner").update(phone="19900001234")
    user = User.objects.get(username="phone-owner")
    assert user.phone == "19900001234"
    personal = Event.objects.get(pk=event.pk).personal
    assert personal["name"] == "示例·王小丽"
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(e::text, '') FROM casework_event e")
        events = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(u::text, '') FROM identity_user u")
        users = cursor.fetchone()[0]
    for value in (personal["name"], personal["id_number"], personal["phone"]):
        assert value not in events
        assert value.encode().hex() not in events
    assert "19900001234" not in users
    assert b"19900001234".hex() not in users


@pytest.mark.django_db
def test_nothing_is_looked_up_in_a_sealed_column() -> None:
    submit("resident")
    assert Event.objects.filter(personal__isnull=False).count() == 1
    assert Event.objects.filter(personal=None).count() == 0
    for lookup in ({"personal": {"a": 1}}, {"personal__contains": "x"}):
        with pytest.raises(FieldError):
            Event.objects.filter(**lookup).count()


@pytest.mark.django_db
def test_after_a_rotation_rows_and_files_are_sealed_anew_and_events_stay(keys: Path) -> None:
    make_user("somebody")
    User.objects.filter(username="somebody").update(phone="19900001234")
    submit("resident")
    name = default_storage.save("ab/abcd", ContentFile(b"%PDF- a paper"))
    plain = default_storage.path(default_storage.save("ab/plain", ContentFile(b"x")))
    Path(plain).write_bytes(b"%PDF- kept before files were sealed")
    first, second = keyring().newest.id, rotate().id
    assert reseal(except_tables=APPEND_ONLY) == 3
    counts = sealed_by_key()
    assert counts["identity_user.phone"] == {second: 1}
    assert counts["casework_event.personal"] == {first: 1}
    assert counts["files"] == {second: 2}
    assert User.objects.get(username="somebody").phone == "19900001234"
    assert Event.objects.get().personal["name"] == "示例·王小丽"
    assert default_storage.open(name).read() == b"%PDF- a paper"
    assert default_storage.open("ab/plain").read().startswith(b"%PDF- kept")
    assert reseal(except_tables=APPEND_ONLY) == 0


def test_a_file_is_sealed_on_the_disk_and_has_the_size_of_what_it_holds(keys: Path) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10
    name = default_storage.save("ab/abcd", ContentFile(content))
    stored = Path(default_storage.path(name)).read_bytes()
    assert stored.startswith(MARK)
    assert content[:20] not in stored
    assert default_storage.size(name) == len(content)
    assert default_storage.open(name).read() == content
