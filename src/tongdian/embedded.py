"""The embedded PostgreSQL: a private server of our own, on a socket in a private folder.

Only programs come from the wheel (or from TONGDIAN_PG_BIN, any PostgreSQL 15 to 18); `initdb` and
`pg_ctl` are driven here. The server listens on no network. Three roles: a superuser that only this
module uses, the owner of the tables, and the web role that owns nothing. They log in with random
passwords, kept beside the data and readable by its user alone, rather than by `peer` or `trust`:
all our processes run as one system user, and so only a secret that the web processes are not given
keeps them from being the owner.

Any number of programs may use one folder. Each holds a shared lock while it does, which the kernel
takes back even after kill -9; the last one to leave stops the server.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tongdian.embedded_process import (
    EmbeddedError,
    command_of,
    give_away,
    run,
    working_in,
    write_private,
)
from tongdian.places import find_binaries, make_folder, require_reachable

__all__ = [
    "DATABASE",
    "OWNER",
    "SUPERUSER",
    "WEB",
    "EmbeddedError",
    "EmbeddedPostgres",
    "wait_until_ready",
]

MAX_SOCKET_FOLDER = 80  # a socket's whole path holds 107 bytes; the file name takes 16
NEEDED_BYTES = 300_000_000
START_SECONDS = 60
ANSWER_SECONDS = 10.0  # for a server that is starting up or shutting down
OWNER, WEB, SUPERUSER = "tongdian_owner", "tongdian_web", "postgres"
DATABASE = "tongdian"
DAMAGE = {
    "No space left on device": ("磁盘已满", "the disk is full", "请腾出空间。", "Make room."),
    "could not create shared memory": (
        "共享内存不足",
        "there is not enough shared memory",
        "请关闭其他程序，或调大共享内存。",
        "Close other programs or allow more shared memory.",
    ),
    "has invalid permissions": (
        "数据目录的权限被改动",
        "the permissions of the data folder were changed",
        "目录应为 0700。",
        "The folder must have mode 0700.",
    ),
}


@dataclass
class EmbeddedPostgres:
    """A server with its data under `folder`. `durable=False` (tests only) gives up crash safety."""

    folder: Path
    durable: bool = True
    _users: int | None = field(default=None, repr=False)

    @property
    def data(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Beside the data when the path is short enough for a socket, else a stable place below
        the system's temporary folder; either way only the server's user may enter it."""
        beside = self.folder / "socket"
        if len(os.fsencode(beside)) <= MAX_SOCKET_FOLDER:
            return beside
        mark = self.folder / "socket-folder"
        if mark.exists() and (noted := Path(mark.read_text())).is_dir():
            return noted
        made = Path(tempfile.mkdtemp(prefix="tongdian-"))
        mark.write_text(str(made))
        return made

    def start(self) -> "EmbeddedPostgres":
        """Make the cluster if there is none, start it if it does not run, wait until it answers.

        Raises EmbeddedError or PlaceError, both of which say what to do.
        """
        make_folder(self.folder)
        require_reachable(self.folder)
        binaries = find_binaries(self.folder)
        try:
            self._start_and_join(binaries)
        except KeyboardInterrupt:
            # Half started, it would outlive us, for nobody has joined it.
            self.stop_unused()
            raise
        return self

    def _start_and_join(self, binaries: Path) -> None:
        with self._alone():
            self._prepare_folders()
            if not (self.data / "PG_VERSION").exists():
                self._initdb(binaries)
            if not self.is_running():
                self._require_version(binaries)
                self._clear_stale(binaries)
                self._write_settings()
                self._start(binaries)
            self._make_roles()
            self._join()

    def stop(self) -> None:
        """Leave; stop the server when nobody else uses it."""
        if self._users is None:
            return
        os.close(self._users)
        self._users = None
        self.stop_unused()

    def stop_unused(self) -> bool:
        """Stop the server if no program uses it, such as one left by a program that was killed.

        Returns whether nobody uses it.
        """
        if not self.folder.exists():
            return True
        with self._alone():
            if self.in_use():
                return False
            if self._noted_pid() is not None:
                self._shut_down(find_binaries(self.folder))
        return True

    def in_use(self) -> bool:
        """Whether any program, this one included, uses the server now."""
        if not (self.folder / "users.lock").exists():
            return False
        with (self.folder / "users.lock").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def __enter__(self) -> "EmbeddedPostgres":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Whether the server of this folder answers; a stale pid file does not count."""
        if not (self.folder / f"password-{SUPERUSER}").exists():
            return False
        try:
            with psycopg.connect(self.dsn(SUPERUSER, "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise EmbeddedError(
                    f"{self.folder} 中的数据库口令文件与数据库不符",
                    f"the password files in {self.folder} are not those of this database.",
                    remedy_zh="请恢复 password-* 文件，或移走该目录后重新建库。",
                    remedy_en="Restore the password-* files, or move the folder away to begin"
                    " anew.",
                ) from None
            return False

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """A connection address over the private socket."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{role}:{self._password(role)}@/{database}?host={host}"

    def recreate(self, database: str = DATABASE) -> None:
        """Drop a database with all that is in it and make it anew, empty."""
        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            name = sql.Identifier(database)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(OWNER))
            )

    def _password(self, role: str) -> str:
        path = self.folder / f"password-{role}"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One program at a time makes, starts or stops the server."""
        with (self.folder / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _join(self) -> None:
        if self._users is None:
            self._users = os.open(self.folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._users, fcntl.LOCK_SH)

    def _prepare_folders(self) -> None:
        for path in (self.socket_folder, self.data):
            path.mkdir(mode=0o700, exist_ok=True)
            give_away(path)
        self.log.touch()
        give_away(self.log)

    def _initdb(self, binaries: Path) -> None:
        """Make the cluster under another name first: a broken attempt is never taken for one."""
        free = shutil.disk_usage(self.folder).free
        if free < NEEDED_BYTES:
            raise EmbeddedError(
                f"{self.folder} 只剩 {free // 10**6} MB 磁盘空间，至少需要 300 MB",
                f"{self.folder} has {free // 10**6} MB of disk left; a database needs 300 MB.",
                remedy_zh="请腾出空间，或用 TONGDIAN_DATA 指定另一处。",
                remedy_en="Make room, or set TONGDIAN_DATA to another place.",
            )
        part = self.folder / "cluster.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        password = self.folder / "initdb-password"
        password.unlink(missing_ok=True)
        write_private(password, self._password(SUPERUSER))
        for path in (part, password):
            give_away(path)
        try:
            run(
                binaries / "initdb",
                *("-D", str(part), "-U", SUPERUSER, "--pwfile", str(password)),
                *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            )
        finally:
            password.unlink()
        if any(self.data.iterdir()):
            raise EmbeddedError(
                f"{self.data} 中有文件，但不是数据库",
                f"{self.data} holds files but no database.",
                remedy_zh="请移走该目录后重试。",
                remedy_en="Move the folder away and try again.",
            )
        self.data.rmdir()
        part.rename(self.data)

    def _require_version(self, binaries: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        present = run(binaries / "postgres", "--version").split()[2].split(".")[0]
        if made_by != present:
            raise EmbeddedError(
                f"{self.data} 由 PostgreSQL {made_by} 建立，现有程序是 {present}",
                f"{self.data} was made by PostgreSQL {made_by}; the programs here are {present}.",
                remedy_zh=f"请把 TONGDIAN_PG_BIN 指向 PostgreSQL {made_by}，"
                "或用 TONGDIAN_DATA 另选目录。",
                remedy_en=f"Set TONGDIAN_PG_BIN to a PostgreSQL {made_by}, or TONGDIAN_DATA to"
                " another folder.",
            )

    def _settings(self) -> dict[str, str]:
        common = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "100",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "maintenance_work_mem": "128MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
        }
        loose = {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "checkpoint_timeout": "1h",
            "shared_buffers": "128MB",
        }
        return common if self.durable else {**common, **loose}

    def _write_settings(self) -> None:
        """In a file of our own, so that an old cluster gets today's settings too."""
        own = self.data / "tongdian.conf"
        quoted = {name: value.replace("'", "''") for name, value in self._settings().items()}
        own.write_text("".join(f"{name} = '{value}'\n" for name, value in quoted.items()))
        give_away(own)
        main = self.data / "postgresql.conf"
        line = f"include '{own.name}'\n"
        if line not in main.read_text():
            with main.open("a") as file:
                file.write(line)

    def _clear_stale(self, binaries: Path) -> None:
        """A pid file can outlive its server (kill -9, a restart of the machine), and its number can
        then belong to any program; a server can also live on when its socket has been swept away.
        """
        pid = self._noted_pid()
        if pid is None:
            return
        end = time.monotonic() + ANSWER_SECONDS
        while (ours := self._is_our_server(pid)) and time.monotonic() < end:
            if self.is_running():
                return
            time.sleep(0.2)
        if ours:
            self._shut_down(binaries)
            return
        # What a killed server was doing for its clients ends by itself, in a moment. Only then is
        # it safe to take away the file that guards the data from two servers at once.
        while working_in(self.data) and time.monotonic() < end:
            time.sleep(0.1)
        if not working_in(self.data):
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            for lock in self.socket_folder.glob(".s.PGSQL.*.lock"):
                lock.unlink(missing_ok=True)

    def _noted_pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_our_server(self, pid: int) -> bool:
        return str(self.data) in command_of(pid)

    def _start(self, binaries: Path) -> None:
        if self.is_running():
            return
        self.log.write_bytes(self.log.read_bytes()[-100_000:])
        self._pg_ctl(binaries, "start", "-w", "-t", str(START_SECONDS), "-l", str(self.log))

    def _shut_down(self, binaries: Path) -> None:
        pid = self._noted_pid()
        if pid is not None and self._is_our_server(pid):
            self._pg_ctl(binaries, "stop", "-m", "fast", "-w", "-t", str(START_SECONDS))

    def _pg_ctl(self, binaries: Path, *arguments: str) -> None:
        before = self.log.stat().st_size
        try:
            run(binaries / "pg_ctl", "-D", str(self.data), *arguments)
        except EmbeddedError as error:
            written = self.log.read_bytes()[before:].decode(errors="replace").strip()
            for sign, (zh, en, remedy_zh, remedy_en) in DAMAGE.items():
                if sign in written:
                    raise EmbeddedError(
                        f"数据库不能启动：{zh}",
                        f"the database cannot start: {en}. {written[-600:]}",
                        remedy_zh=remedy_zh,
                        remedy_en=remedy_en,
                    ) from None
            raise EmbeddedError(
                f"{error.zh}\n{written[-1500:]}",
                f"{error.en}\n{written[-1500:]}",
                remedy_zh=f"日志在 {self.log}。",
                remedy_en=f"The log is {self.log}.",
            ) from None

    def _make_roles(self) -> None:
        """The owner may make databases; the web role may only connect. Idempotent."""
        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role, rights in ((OWNER, "CREATEDB"), (WEB, "NOCREATEDB")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if known.fetchone() else "CREATE"
                statement = (
                    f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS {rights}"
                    " PASSWORD {}"
                )
                connection.execute(
                    sql.SQL(statement).format(
                        sql.Identifier(role), sql.Literal(self._password(role))
                    )
                )
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                self.recreate()


def wait_until_ready(dsn: str, seconds: float = 30) -> None:
    """Wait for a server that somebody else starts. Raises EmbeddedError."""
    end = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(dsn, connect_timeout=2):
                return
        except psycopg.Error as error:
            if time.monotonic() > end:
                raise EmbeddedError(
                    f"数据库没有应答：{error}",
                    f"the database does not answer: {error}",
                    remedy_zh="请检查 TONGDIAN_DATABASE_URL 和数据库是否在运行。",
                    remedy_en="Check TONGDIAN_DATABASE_URL, and whether the database runs.",
                ) from None
            time.sleep(0.2)
