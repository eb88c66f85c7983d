"""What an installation needs, examined one by one; a check that fails is a finding, not a crash."""

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from tongdian.places import PROGRAMS, data_folder, find_binaries, require_reachable
from tongdian.problem import Problem
from tongdian.service import doctor_database
from tongdian.service.doctor_registries import examine_registries
from tongdian.service.environment import with_database

PACKAGE = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
NEEDED_MB = 500
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined. `status`: ok, note (all works, but know this) or wrong."""

    id: str
    name_zh: str
    name_en: str
    status: str
    zh: str
    en: str
    remedy_zh: str = ""
    remedy_en: str = ""


class Note(Problem):
    """Something to know, though all works."""


Check = Callable[[], str | tuple[str, str]]


def examine(every_case: bool = False) -> list[Finding]:
    """All findings, in the order in which one would put things right. `every_case`: go through all
    cases, not some by chance."""
    findings = [_find(*check) for check in _of_machine()]
    with ExitStack() as stack:
        findings += [_find(*check) for check in _of_database(stack, every_case)]
    return findings


def _find(identity: str, zh: str, en: str, check: Check) -> Finding:
    try:
        found = check()
    except Problem as problem:
        # A database that was never made is no fault of the installation.
        gentle = isinstance(problem, Note | doctor_database.Missing)
        return Finding(
            identity,
            zh,
            en,
            "note" if gentle else "wrong",
            problem.zh,
            problem.en,
            problem.remedy_zh,
            problem.remedy_en,
        )
    except Exception as error:
        words = " ".join(str(error).split()) or type(error).__name__
        return Finding(identity, zh, en, "wrong", words, words)
    found_zh, found_en = (found, found) if isinstance(found, str) else found
    return Finding(identity, zh, en, "ok", found_zh, found_en)


def _of_machine() -> Iterator[tuple[str, str, str, Check]]:
    yield "python", "Python", "Python", _python
    yield "postgresql", "PostgreSQL 程序", "PostgreSQL programs", _binaries
    yield "data", "数据目录", "data folder", _data
    yield "disk", "磁盘空间", "disk space", _disk
    yield "fonts", "中文字体", "Chinese fonts", _fonts
    yield "messages", "英文界面", "English texts", _messages
    yield "browser", "浏览器（仅测试用）", "browser (for tests only)", _browser
    yield "plan", "方案", "plan", _plan
    yield "calendar", "放假安排", "holidays", _calendar
    yield "signing-key", "日志签名密钥", "signing key of the log", _signing_key


def _of_database(stack: ExitStack, every_case: bool) -> Iterator[tuple[str, str, str, Check]]:
    """Starts the embedded server for the while of the checks if it does not run."""

    answered = []

    # No page is signed here, and nothing is to be made where there is nothing yet.
    os.environ.setdefault("TONGDIAN_SECRET_KEY", "examination only")

    def connect() -> str:
        database = stack.enter_context(with_database(make=False))
        answered.append(doctor_database.connect(database))
        return answered[0]

    yield "database", "数据库", "database", connect
    if not answered:
        return
    yield "migrations", "数据表版本", "migrations", doctor_database.migrations
    yield "roles", "数据库权限", "rights in the database", doctor_database.rights
    yield "sequencer", "事件入日志", "sequencing", doctor_database.sequencer
    yield "log-key", "日志与密钥", "log and key", doctor_database.log_key
    yield "cases", "案件与事件", "cases and events", partial(doctor_database.cases, every_case)
    yield "clock", "时钟", "clock", doctor_database.clock_skew
    yield "registries", "登记系统", "registries", examine_registries


def _python() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise Problem(
            f"{version} 太旧",
            f"{version} is too old.",
            remedy_zh="请安装 Python 3.11 或更新版本，再运行 make setup。",
            remedy_en="Install Python 3.11 or newer, then run make setup.",
        )
    return version


def _binaries() -> str:
    folder = find_binaries(data_folder() / "postgres")
    return f"{folder} ({', '.join(PROGRAMS)})"


def _data() -> str | tuple[str, str]:
    folder = data_folder()
    if not folder.exists():
        raise Note(
            f"{folder}，尚未建立",
            f"{folder}, not made yet.",
            remedy_zh="运行 tongdian serve --demo 时会建立。",
            remedy_en="tongdian serve --demo makes it.",
        )
    require_reachable(folder)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Problem(
            f"{folder} 不可写",
            f"{folder} cannot be written to.",
            remedy_zh="请改正权限，或用 TONGDIAN_DATA 另选目录。",
            remedy_en="Mend its permissions, or set TONGDIAN_DATA to another.",
        )
    return str(folder)


def _disk() -> str | tuple[str, str]:
    folder = data_folder()
    while not folder.exists():
        folder = folder.parent
    free_mb = shutil.disk_usage(folder).free // 10**6
    if free_mb < NEEDED_MB:
        raise Problem(
            f"只剩 {free_mb} MB",
            f"{free_mb} MB are left.",
            remedy_zh="请腾出空间，或用 TONGDIAN_DATA 另选目录。",
            remedy_en="Make room, or set TONGDIAN_DATA to another folder.",
        )
    return f"剩余 {free_mb / 1000:.1f} GB", f"{free_mb / 1000:.1f} GB free"


def _fonts() -> str | tuple[str, str]:
    pages = list((PACKAGE / "static" / "fonts").glob("*.woff2"))
    pdf = PACKAGE / "fonts" / "NotoSansSC-Regular.otf"
    if not pages or not pdf.exists():
        raise Problem(
            "网页或回执的字体文件不全",
            "font files of the pages or of receipts are missing.",
            remedy_zh="请重新取得完整的软件。",
            remedy_en="Get a complete copy of the software.",
        )
    count = len(pages)
    return f"网页 {count} 个，PDF 1 个", f"{count} for pages, one for PDF"


def _messages() -> str | tuple[str, str]:
    sources = list(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
    stale = [
        source
        for source in sources
        if not (target := source.with_suffix(".mo")).exists()
        or target.stat().st_mtime < source.stat().st_mtime
    ]
    if stale:
        raise Problem(
            f"{len(stale)} 个词条文件没有编译",
            f"{len(stale)} catalogues are not compiled.",
            remedy_zh="运行 make setup。",
            remedy_en="Run make setup.",
        )
    return f"{len(sources)} 个词条文件", f"{len(sources)} catalogues"


def _browser() -> str:
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    raise Note(
        "没有找到 chromium",
        "no chromium was found.",
        remedy_zh="make test 会安装它；运行平台本身并不需要。",
        remedy_en="make test installs it; the platform itself does not need it.",
    )


def _plan() -> str | tuple[str, str]:
    from tongdian.law.plan import load_plan
    from tongdian.law.plan_check import check

    findings = check()
    if findings:
        raise Problem(
            f"{findings[0].message_zh} 等 {len(findings)} 处",
            f"{findings[0].message_en}; {len(findings)} in all.",
            remedy_zh="详见 tongdian plan check。",
            remedy_en="tongdian plan check has them all.",
        )
    plan = load_plan()
    return plan.title_zh, plan.title_en


def _calendar() -> str | tuple[str, str]:
    from tongdian.law.calendar import default_calendar, local_date
    from tongdian.service.doctor_database import utc_now

    until = default_calendar().announced_until
    if until - local_date(utc_now()) < timedelta(days=60):
        raise Note(
            f"已公布到 {until}，此后的到期日都是暂定的",
            f"announced until {until}: due dates after it are provisional.",
            remedy_zh="国务院公布下一年安排后，请更新软件。",
            remedy_en="Update once the State Council has announced the next year.",
        )
    return f"已公布到 {until}", f"announced until {until}"


def _signing_key() -> str | tuple[str, str]:
    from tongdian.proof.heads import SigningKey

    path = Path(os.environ.get("TONGDIAN_SIGNING_KEY_FILE", data_folder() / "log-key.pem"))
    if not path.exists():
        raise Note(
            "尚未生成",
            "not made yet.",
            remedy_zh="启动平台时会生成。",
            remedy_en="Starting the platform makes it.",
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Problem(
            f"{path} 别人也能读",
            f"{path} can be read by others.",
            remedy_zh=f"请执行 chmod 600 {path}，并考虑更换密钥。",
            remedy_en=f"Run chmod 600 {path}, and consider a new key.",
        )
    return SigningKey.from_pem(path.read_bytes()).key_id
