"""`tongdian doctor`: what this installation needs, whether it is there, and what to do if not."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tongdian.embedded import find_binaries
from tongdian.law.calendar import default_calendar


@dataclass
class Line:
    """One thing examined."""

    zh: str
    en: str
    ok: bool
    detail: str
    remedy_zh: str = ""
    remedy_en: str = ""


def examine() -> list[Line]:
    """All lines; a check that fails is a line, never an exception."""
    checks: list[tuple[str, str, Callable[[], str], str, str]] = [
        (
            "Python",
            "Python",
            _python,
            "安装 Python 3.11 或更新版本",
            "Install Python 3.11 or newer",
        ),
        (
            "PostgreSQL 程序",
            "PostgreSQL binaries",
            lambda: str(find_binaries().name),
            "运行 make setup，或设置 TONGDIAN_PG_BIN",
            "Run make setup, or set TONGDIAN_PG_BIN",
        ),
        ("方案", "Plan", _plan, "运行 tongdian plan check", "Run tongdian plan check"),
        ("放假安排", "Holidays", _calendar, "更新到新版本", "Update to a newer version"),
        ("浏览器（测试用）", "Browser (for tests)", _browser, "安装 chromium", "Install chromium"),
        (
            "数据库",
            "Database",
            _database,
            "运行 tongdian serve；或检查 TONGDIAN_DATABASE_URL",
            "Run tongdian serve; or check TONGDIAN_DATABASE_URL",
        ),
    ]
    lines = []
    for zh, en, check, remedy_zh, remedy_en in checks:
        try:
            lines.append(Line(zh, en, True, check()))
        except Exception as error:
            words = str(error).splitlines() or [type(error).__name__]
            lines.append(Line(zh, en, False, words[0], remedy_zh, remedy_en))
    return lines


def _python() -> str:
    if sys.version_info < (3, 11):
        raise RuntimeError(sys.version)
    return ".".join(map(str, sys.version_info[:3]))


def _plan() -> str:
    from tongdian.law.plan import load_plan
    from tongdian.law.plan_check import check

    findings = check()
    if findings:
        raise RuntimeError(findings[0].message_en)
    return load_plan().id


def _calendar() -> str:
    return f"→ {default_calendar().announced_until}"


def _browser() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise RuntimeError("chromium")
    return "chromium"


def _database() -> str:
    """Connects, and says how far the log is behind and how the clocks of both machines differ."""
    from tongdian.service.serving import with_database

    with with_database():
        import django

        django.setup()
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version'), now()")
            version, stamp = cursor.fetchone()
            cursor.execute(
                "SELECT count(*) FROM casework_event e LEFT JOIN casework_logleaf l"
                " ON l.event_id = e.id WHERE l.event_id IS NULL"
            )
            behind = cursor.fetchone()[0]
        from tongdian.service.casework import clock

        skew = abs((clock.now() - stamp).total_seconds())
        if skew > 60:
            raise RuntimeError(f"clock skew {skew:.0f} s")
    return f"PostgreSQL {version}, unsequenced {behind}"
