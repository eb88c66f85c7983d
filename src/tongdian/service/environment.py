"""What a process of ours needs before Django: the data folder and the database at hand."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tongdian.embedded import OWNER, WEB, EmbeddedPostgres
from tongdian.places import data_folder, make_folder
from tongdian.problem import Problem

SETTINGS = "tongdian.service.settings"
WEB_URL, OWNER_URL = "TONGDIAN_DATABASE_URL", "TONGDIAN_OWNER_DATABASE_URL"
EMBEDDED = "TONGDIAN_EMBEDDED"  # to children: where the embedded server is that they use


@dataclass(frozen=True)
class Database:
    """The environments in which processes reach the database: as the web role, which may not
    rewrite anything, and as the owner, who migrates and builds the demo city."""

    folder: Path
    web: Mapping[str, str]
    owner: Mapping[str, str]
    embedded: EmbeddedPostgres | None

    def become_owner(self) -> None:
        """Let this process be the owner from now on."""
        os.environ.update(self.owner)

    def become_web(self) -> None:
        """Let this process be the web role from now on."""
        os.environ.pop(OWNER_URL, None)
        os.environ.update(self.web)


class NoDatabase(Problem):
    """There is no database yet, and none was to be made."""


class BadAddress(Problem):
    """The address of the database is not written as one."""


@contextmanager
def with_database(*, make: bool = True) -> Iterator[Database]:
    """The database that the environment names, else the embedded one, started for as long as it is
    wanted and stopped when nobody uses it any more.

    Raises NoDatabase when there is none and `make` is false, and then leaves no trace; BadAddress,
    EmbeddedError, PlaceError.
    """
    folder = data_folder()
    if make:
        make_folder(folder)
    common = {
        **os.environ,
        "TONGDIAN_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", SETTINGS),
    }
    given = common.pop(WEB_URL, None)
    given_owner = common.pop(OWNER_URL, None)
    if given is not None:
        owner = given_owner or given
        _require_address(WEB_URL, given)
        _require_address(OWNER_URL, owner)
        yield _database(folder, common, given, owner, None)
        return
    server = EmbeddedPostgres(folder / "postgres")
    if not make and not (server.data / "PG_VERSION").exists():
        raise NoDatabase(
            "还没有数据库",
            "there is no database yet.",
            remedy_zh="运行 tongdian serve --demo 或 tongdian demo 即可建立。",
            remedy_en="tongdian serve --demo, or tongdian demo, makes one.",
        )
    try:
        server.start()
        yield _database(folder, common, server.dsn(WEB), server.dsn(OWNER), server)
    finally:
        server.stop()


def leave_embedded() -> None:
    """Stop the embedded server that our parent told us of, if it was killed and nobody is left."""
    told = os.environ.get(EMBEDDED)
    if told:
        EmbeddedPostgres(Path(told)).stop_unused()


def _require_address(name: str, address: str) -> None:
    if urlsplit(address).scheme not in ("postgresql", "postgres"):
        raise BadAddress(
            f"{name} 不是数据库地址",
            f"{name} is no address of a database.",
            remedy_zh="写作 postgresql://用户:口令@主机:端口/数据库。",
            remedy_en="Write it as postgresql://user:password@host:port/database.",
        )


def _database(
    folder: Path,
    common: Mapping[str, str],
    web_url: str,
    owner_url: str,
    embedded: EmbeddedPostgres | None,
) -> Database:
    if embedded is not None:
        common = {**common, EMBEDDED: str(embedded.folder)}
    web = {**common, WEB_URL: web_url}
    owner = {**common, WEB_URL: owner_url, OWNER_URL: owner_url}
    return Database(folder, web, owner, embedded)
