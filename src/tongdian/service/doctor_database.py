"""The doctor's questions to the database, asked as the web role."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tongdian.problem import Problem
from tongdian.service.environment import Database, NoDatabase

MOST_SKEW = timedelta(seconds=5)
MOST_LAG = timedelta(minutes=2)
SAMPLE = 500
Missing = NoDatabase


def utc_now() -> datetime:
    """This machine's time."""
    return datetime.now(UTC)


def connect(database: Database) -> str:
    """Become the web role and connect. Returns the version of the server."""
    database.become_web()
    import django

    django.setup()
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), current_user")
            version, role = cursor.fetchone()
    except OperationalError as error:
        words = " ".join(str(error).split())
        raise Problem(
            f"没有应答：{words}",
            f"does not answer: {words}",
            remedy_zh="请检查数据库是否在运行，以及 TONGDIAN_DATABASE_URL。",
            remedy_en="Check that it runs, and TONGDIAN_DATABASE_URL.",
        ) from None
    return f"PostgreSQL {version}, {role}"


def migrations() -> str | tuple[str, str]:
    """Whether all are applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Problem(
            f"缺 {len(missing)} 个：{missing[0][0]} 等",
            f"{len(missing)} are missing, {missing[0][0]} first.",
            remedy_zh="运行 tongdian serve 或 tongdian manage migrate。",
            remedy_en="Run tongdian serve, or tongdian manage migrate.",
        )
    count = len(executor.loader.applied_migrations)
    return f"{count} 个，齐全", f"{count}, complete"


def rights() -> str | tuple[str, str]:
    """The web role must not be able to rewrite the past, or the guards bind nobody."""
    answer = _one(
        "SELECT rolsuper OR rolbypassrls, pg_has_role(current_user, relowner, 'MEMBER'),"
        " has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE')"
        " FROM pg_class c, pg_roles r"
        " WHERE c.oid = to_regclass('casework_event') AND r.rolname = current_user"
    )
    if answer is None:
        return "尚无数据表", "no tables yet"
    if any(answer):
        raise Problem(
            "网站所用的数据库角色能改动事件",
            "the role that the web processes use could change events.",
            remedy_zh="请让 TONGDIAN_DATABASE_URL 用 tongdian_web 那样的角色：不是超级用户，"
            "也不是表的所有者。",
            remedy_en="Let TONGDIAN_DATABASE_URL use a role such as tongdian_web, neither superuser"
            " nor owner of the tables.",
        )
    return "只能追加事件", "events can only be added"


def sequencer() -> str | tuple[str, str]:
    """How far the log is behind the events."""
    if _one("SELECT 1 WHERE to_regclass('casework_logleaf') IS NOT NULL") is None:
        return "尚无数据表", "no tables yet"
    answer = _one(
        "SELECT count(*), coalesce(clock_timestamp() - min(e.recorded_at), interval '0')"
        " FROM casework_event e LEFT JOIN casework_logleaf l ON l.event_id = e.id"
        " WHERE l.event_id IS NULL"
    )
    assert answer is not None
    waiting, lag = answer
    if lag > MOST_LAG:
        raise Problem(
            f"{waiting} 个事件在等，最早的已等 {lag.total_seconds() / 60:.0f} 分钟",
            f"{waiting} events wait, the oldest for {lag.total_seconds() / 60:.0f} minutes.",
            remedy_zh="请让 tongdian worker 运行；tongdian serve 会带上它。",
            remedy_en="Let tongdian worker run; tongdian serve brings it along.",
        )
    return f"{waiting} 个事件在等", f"{waiting} events wait"


def log_key() -> str | tuple[str, str]:
    """Whether the newest head was signed with the key at hand."""
    from pathlib import Path

    from django.conf import settings

    from tongdian.proof.heads import SigningKey

    if _one("SELECT 1 WHERE to_regclass('casework_treehead') IS NOT NULL") is None:
        return "尚无数据表", "no tables yet"
    head = _one("SELECT tree_size, key_id FROM casework_treehead ORDER BY tree_size DESC LIMIT 1")
    path = Path(settings.SIGNING_KEY_FILE)
    if head is None:
        return "日志为空", "the log is empty"
    if not path.exists() or SigningKey.from_pem(path.read_bytes()).key_id != head[1]:
        raise Problem(
            f"最新的树头不是用 {path} 签的",
            f"the newest head was not signed with {path}.",
            remedy_zh="请恢复原来的密钥文件；换密钥须公告。",
            remedy_en="Restore the key file; a change of key has to be announced.",
        )
    return f"{head[0]} 个事件，密钥相符", f"{head[0]} events, signed with this key"


def cases(every_case: bool = False) -> str | tuple[str, str]:
    """Whether cases, all or by chance some, are what their events and the signed log say."""
    from pathlib import Path

    from django.conf import settings

    if _one("SELECT 1 WHERE to_regclass('casework_treehead') IS NOT NULL") is None:
        return "尚无数据表", "no tables yet"
    if not Path(settings.SIGNING_KEY_FILE).exists():
        return "没有密钥，未核对", "not looked at, for want of the key"
    from tongdian.service.casework.recheck import LogDiffers, recheck

    remedy_zh = "先备份数据库、停止办理，再查审计记录；tongdian doctor --every-case 核对全部案件。"
    remedy_en = (
        "Keep a copy of the database, stop the work and read the audit;"
        " tongdian doctor --every-case goes through all cases."
    )
    try:
        looked_at, found = recheck(None if every_case else SAMPLE)
    except LogDiffers as error:
        zh, en = f"日志与签名树头不符：{error}", f"the log does not fit its signed head: {error}."
        raise Problem(zh, en, remedy_zh=remedy_zh, remedy_en=remedy_en) from None
    if found is not None:
        zh, en = f"案件 {found.case}：{found.zh}", f"case {found.case}: {found.en}."
        raise Problem(zh, en, remedy_zh=remedy_zh, remedy_en=remedy_en)
    return f"核对 {looked_at} 件，与事件和日志相符", f"{looked_at} looked at, as their events say"


def clock_skew() -> str | tuple[str, str]:
    """Database and machine have to agree on the time, and no event lies in the future."""
    before = utc_now()
    answer = _one("SELECT clock_timestamp()")
    assert answer is not None
    middle = before + (utc_now() - before) / 2
    skew = abs(answer[0] - middle)
    if skew > MOST_SKEW:
        raise Problem(
            f"数据库与本机相差 {skew.total_seconds():.1f} 秒",
            f"database and machine differ by {skew.total_seconds():.1f} s.",
            remedy_zh="请为两台机器校时（NTP）。",
            remedy_en="Set both clocks by NTP.",
        )
    latest = _one(
        "SELECT opened_at FROM casework_case ORDER BY id DESC LIMIT 1"
        if _one("SELECT 1 WHERE to_regclass('casework_case') IS NOT NULL")
        else "SELECT NULL::timestamptz WHERE false"
    )
    if latest is not None and latest[0] > utc_now() + MOST_SKEW:
        raise Problem(
            f"最新的办件在未来：{latest[0]:%Y-%m-%d %H:%M} UTC",
            f"the newest case lies in the future: {latest[0]:%Y-%m-%d %H:%M} UTC.",
            remedy_zh="请校正本机时钟。",
            remedy_en="Set this machine's clock right.",
        )
    return f"相差 {skew.total_seconds() * 1000:.0f} 毫秒", f"{skew.total_seconds() * 1e3:.0f} ms"


def _one(statement: str) -> tuple[Any, ...] | None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
