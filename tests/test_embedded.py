"""The embedded PostgreSQL: made, shared, killed, misplaced."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tongdian import embedded, places
from tongdian.embedded import OWNER, SUPERUSER, WEB, EmbeddedError, EmbeddedPostgres
from tongdian.places import PlaceError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Below a folder that everybody may enter; pytest's own is private."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    made = Path(os.environ["TONGDIAN_TEST_FOLDER"]) / f"embedded-{worker}"
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(folder / "postgres", durable=False) as running:
        yield running


def server_pid(server: EmbeddedPostgres) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n")[0])


def wait_for(condition: object, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_roles_own_what_they_should(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.dsn(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS ledger (line text)")
    with psycopg.connect(server.dsn(WEB), autocommit=True) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("SELECT * FROM ledger")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("CREATE TABLE own (line text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("CREATE DATABASE own")
        rights = web.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolbypassrls, rolcreatedb FROM pg_roles"
            " WHERE rolname LIKE 'tongdian%' ORDER BY rolname"
        ).fetchall()
    assert rights == [(OWNER, False, False, False, True), (WEB, False, False, False, False)]


def test_settings_of_the_cluster(server: EmbeddedPostgres) -> None:
    names = ("server_encoding", "lc_collate", "timezone", "listen_addresses", "fsync")
    with psycopg.connect(server.dsn(WEB)) as web:
        found = {
            name: web.execute(
                "SELECT coalesce(current_setting(%s, true),"
                " (SELECT datcollate FROM pg_database WHERE datname = current_database()))",
                [name],
            ).fetchone()[0]  # type: ignore[index]
            for name in names
        }
    assert found == {
        "server_encoding": "UTF8",
        "lc_collate": "C",
        "timezone": "UTC",
        "listen_addresses": "",
        "fsync": "off",
    }


def test_a_password_is_needed_even_on_the_socket(server: EmbeddedPostgres) -> None:
    for role in (SUPERUSER, OWNER, WEB):
        wrong = server.dsn(role).replace(server._password(role), "guess")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_secrets_and_sockets_are_private(server: EmbeddedPostgres) -> None:
    for path in server.folder.glob("password-*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700


def test_the_last_one_to_leave_stops_it(server: EmbeddedPostgres) -> None:
    other = EmbeddedPostgres(server.folder, durable=False).start()
    other.stop()
    assert server.is_running()
    other.stop()
    assert server.is_running()


def test_is_left_running_for_a_killed_user_and_stopped_by_the_next(folder: Path) -> None:
    place = folder / "killed-user"
    script = (
        "import sys, time; from pathlib import Path;"
        "from tongdian.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(Path(sys.argv[1]), durable=False).start();"
        "print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(place)], stdout=subprocess.PIPE, text=True
    ) as user:
        assert user.stdout is not None
        assert user.stdout.readline() == "ready\n"
        later = EmbeddedPostgres(place, durable=False)
        assert later.in_use()
        assert not later.stop_unused()
        user.kill()
        user.wait()
    assert later.is_running()
    assert not later.in_use()
    pid = server_pid(later)
    with later:
        assert server_pid(later) == pid
    assert not later.is_running()


def test_starts_again_after_the_server_was_killed(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "killed-server").start()
    with psycopg.connect(server.dsn(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS line")
    os.kill(server_pid(server), signal.SIGKILL)
    wait_for(lambda: not server.is_running())
    again = EmbeddedPostgres(server.folder).start()
    with psycopg.connect(again.dsn(OWNER)) as owner:
        assert owner.execute("SELECT line FROM kept").fetchone() == (1,)
    server.stop()
    again.stop()
    assert not again.is_running()


def test_a_stale_pid_file_with_somebody_elses_number(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "stale", durable=False)
    server.start().stop()
    stale = server.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{server.data}\n1\n5432\n{server.socket_folder}\n\n")
    (server.socket_folder / ".s.PGSQL.5432.lock").write_text(stale.read_text())
    with server.start():
        assert server_pid(server) != os.getpid()


def test_a_swept_away_socket(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "swept", durable=False).start()
    for path in server.socket_folder.iterdir():
        path.unlink()
    assert not server.is_running()
    # The server lives but cannot be reached: ten seconds' patience would only slow this test.
    pid = server_pid(server)
    again = EmbeddedPostgres(server.folder, durable=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedded, "ANSWER_SECONDS", 0.3)
        again.start()
    assert server_pid(again) != pid
    server.stop()
    again.stop()


def test_an_interrupted_making_is_made_anew(folder: Path) -> None:
    place = folder / "interrupted"
    (place / "cluster.part").mkdir(parents=True)
    (place / "cluster.part" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(place, durable=False) as server:
        assert server.is_running()


def test_a_deep_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("很长的目录名" * 8) / "postgres"
    with EmbeddedPostgres(deep, durable=False) as server:
        assert len(os.fsencode(server.socket_folder)) < 80
        assert EmbeddedPostgres(deep).socket_folder == server.socket_folder
        socket = server.socket_folder
    assert not list(socket.iterdir())
    socket.rmdir()


def test_many_start_it_at_once(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tongdian.embedded import *; import psycopg\n"
        "with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server:\n"
        "    print(psycopg.connect(server.dsn(WEB)).execute('SELECT 1').fetchone())"
    )
    command = [sys.executable, "-c", script, str(folder / "race")]
    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = [racer.communicate(timeout=60)[0] for racer in racers]
    assert said == ["(1,)\n"] * 4
    assert not EmbeddedPostgres(folder / "race").is_running()


def test_recreate_empties_a_database(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.dsn(OWNER), autocommit=True) as owner:
        owner.execute("CREATE TABLE gone (line text)")
    server.recreate()
    with psycopg.connect(server.dsn(OWNER)) as owner:
        assert owner.execute("SELECT to_regclass('gone')").fetchone() == (None,)


def test_too_little_disk_is_said_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "NEEDED_BYTES", 10**18)
    with pytest.raises(EmbeddedError, match="needs 300 MB") as refused:
        EmbeddedPostgres(folder / "full").start()
    assert "磁盘空间" in refused.value.zh
    assert "TONGDIAN_DATA" in refused.value.remedy_en
    assert not (folder / "full" / "cluster" / "PG_VERSION").exists()


def test_another_major_version_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "old", durable=False)
    server.start().stop()
    (server.data / "PG_VERSION").write_text("14\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 14"):
        server.start()
    (server.data / "PG_VERSION").write_text("18\n")


def test_lost_passwords_are_named(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "lost", durable=False).start()
    password = server.folder / f"password-{SUPERUSER}"
    kept = password.read_text()
    password.write_text("another")
    with pytest.raises(EmbeddedError, match="password files"):
        EmbeddedPostgres(server.folder).start()
    password.write_text(kept)
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_root_is_told_which_folder_is_in_the_way(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(PlaceError) as refused:
        EmbeddedPostgres(closed / "data").start()
    assert str(closed) in refused.value.zh
    assert "TONGDIAN_DATA" in refused.value.remedy_zh


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_unreachable_programs_are_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_runs_for_everybody", lambda where: False)
    copied = places.find_binaries(folder / "copies")
    assert copied.is_relative_to(folder / "copies")
    with EmbeddedPostgres(folder / "copies", durable=False) as server:
        assert server.is_running()


def test_wanted_programs_that_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TONGDIAN_PG_BIN", str(tmp_path))
    with pytest.raises(PlaceError, match="no PostgreSQL program initdb") as refused:
        places.find_binaries()
    assert "make setup" in refused.value.remedy_en


def test_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGDIAN_DATA", str(tmp_path / "here"))
    assert places.data_folder() == tmp_path / "here"
    monkeypatch.delenv("TONGDIAN_DATA")
    monkeypatch.setattr(places, "project_folder", lambda: tmp_path)
    monkeypatch.setattr(places, "unreachable_parent", lambda folder: None)
    assert places.data_folder() == tmp_path / ".data"
    monkeypatch.setattr(places, "unreachable_parent", lambda folder: tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    moved = places.data_folder()
    assert moved.parent == places.SYSTEM_DATA
    assert places.is_moved(moved)
