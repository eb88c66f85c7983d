"""What this room and those beneath it keep of people with a term of its own."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection

from tongdian.service.casework.erasure import discard, orphans, shred, unshredded
from tongdian.service.casework.models import Evidence
from tongdian.service.identity.access import attempts_over, forget_attempts
from tongdian.service.identity.sessions import forget_sessions, sessions_over
from tongdian.service.privacy.holdings import Holding, register_holding
from tongdian.service.privacy.models import ReadRecord

# As long as a draft lives that could still bring the file to a case.
LOOSE = timedelta(days=30)
READS_KEPT_YEARS = 3


def register() -> None:
    """Called when the app is ready."""
    for holding in HOLDINGS:
        register_holding(holding)


def _loose(now: datetime) -> Any:
    return Evidence.objects.filter(case__isnull=True, uploaded_at__lt=now - LOOSE)


def _discard_loose(now: datetime) -> int:
    rows = list(_loose(now))
    for row in rows:
        discard(row)
    return len(rows)


def _delete_orphans(now: datetime) -> int:
    names = orphans(now)
    for name in names:
        default_storage.delete(name)
    return len(names)


def _old_reads(now: datetime) -> int:
    """By the database's own clock and term, see `privacy_expire_reads`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM privacy_readrecord"
            f" WHERE at < clock_timestamp() - interval '{READS_KEPT_YEARS} years'"
        )
        return int(cursor.fetchone()[0])


def _expire_reads(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_expire_reads()")
        return int(cursor.fetchone()[0])


def reads_shown(number: str) -> list[dict[str, Any]]:
    """Every read of a case, the latest first."""
    rows = ReadRecord.objects.filter(case_number=number).order_by("-at", "-id")
    return [
        {
            "at": row.at.isoformat(),
            "role": row.role,
            "organisation": row.organisation,
            "purpose": row.purpose,
            "what": row.what,
        }
        for row in rows
    ]


HOLDINGS = (
    Holding("reads", "查看记录", "record of reads", "三年", "three years",
            shown=reads_shown, expired=_old_reads, expire=_expire_reads),
    Holding("loose_files", "没有随申请提交的文件", "files that came to no case", "三十天",
            "thirty days", expired=lambda now: _loose(now).count(), expire=_discard_loose),
    Holding("erased_files", "已删除办件尚在磁盘上的文件", "files of erased cases still on the disk",
            "立即", "at once", expired=lambda now: len(unshredded()),
            expire=lambda now: shred(unshredded())),
    Holding("orphan_files", "没有任何办件提到的文件", "files that no row speaks of", "一天",
            "one day", expired=lambda now: len(orphans(now)), expire=_delete_orphans),
    Holding("sessions", "登录记录", "records of sign-ins", "六个月", "six months",
            expired=sessions_over, expire=forget_sessions),
    Holding("attempts", "查询码输错次数", "counts of wrong query codes", "一天", "one day",
            expired=attempts_over, expire=forget_attempts),
)  # fmt: skip
