"""Making a database ready, in a process of its own that is the owner: the web processes never are.

`python -m tongdian.service.preparing` writes one JSON object a line: {"words", "share"} on the way,
{"done": {…}} or {"problem": {…}} at the end.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tongdian.problem import Problem
from tongdian.service.children import start_child
from tongdian.service.environment import Database

Progress = Callable[[str, float], None]
CUSTOMERS, SEED = 20_000, 20_211
LEAST, MOST = 500, 3_000_000  # customers of a city
UNFINISHED = "demo-unfinished"
CITY = "demo-city.json"


def prepare(
    database: Database,
    *,
    customers: int | None = None,
    seed: int = SEED,
    until: date | None = None,
    fresh: bool = False,
    progress: Progress = lambda words, share: None,
) -> dict[str, Any]:
    """Migrate, and build a demo city of so many customers if asked for one and there is none.

    A city whose building was interrupted is taken away first, and so is a finished one if `fresh`.
    Returns {"built": counts or None, "accounts": […], "city": its customers and seed in a demo}.
    Raises Problem.
    """
    mark = database.folder / UNFINISHED
    if database.embedded is not None and (fresh or mark.exists()):
        _empty(database)
    command = [sys.executable, "-m", "tongdian.service.preparing"]
    if customers is not None:
        command += ["--customers", str(customers), "--seed", str(seed), "--mark", str(mark)]
        if until is not None:
            command += ["--until", until.isoformat()]
    child = start_child(command, database.owner, stdout=subprocess.PIPE)
    try:
        answer = _listen(child, progress)
    finally:
        child.kill()
        child.wait()
    if "problem" in answer:
        raise Problem(**answer["problem"])
    done = dict(answer["done"])
    if customers is not None:
        done["city"] = _remembered(database.folder / CITY, done["built"], customers, seed)
    return done


def _remembered(
    file: Path, built: dict[str, Any] | None, customers: int, seed: int
) -> dict[str, int]:
    """Customers and seed of the city that is there: whoever plays its government needs them."""
    city = {"customers": customers, "seed": seed}
    if built is None and file.exists():
        return {**city, **json.loads(file.read_text("utf-8"))}
    if built is not None:
        file.write_text(json.dumps(city), "utf-8")
    return city


def _empty(database: Database) -> None:
    """A log begins anew with a key of its own: nobody can take its heads for those of the old."""
    assert database.embedded is not None
    database.embedded.recreate()
    (database.folder / "log-key.pem").unlink(missing_ok=True)
    (database.folder / UNFINISHED).unlink(missing_ok=True)


def _listen(child: "subprocess.Popen[bytes]", progress: Progress) -> dict[str, Any]:
    assert child.stdout is not None
    for line in child.stdout:
        said = json.loads(line)
        if "words" not in said:
            return dict(said)
        progress(said["words"], said["share"])
    raise Problem(
        "准备数据库的程序意外结束",
        "the process that prepares the database ended unexpectedly.",
        remedy_zh="原因见上；再次运行会从头准备。",
        remedy_en="Its reason is above; running this again begins anew.",
    )


def main() -> int:
    """The process itself."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--until", type=date.fromisoformat)
    parser.add_argument("--mark", type=Path)
    options = parser.parse_args()
    try:
        _say(done=_prepare(options))
    except Problem as problem:
        _say(problem=problem.to_dict())
        return 2
    return 0


def _say(**what: Any) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)


def _prepare(options: argparse.Namespace) -> dict[str, Any]:
    import django
    from django.db import OperationalError

    django.setup()
    try:
        return _migrate_and_build(options)
    except OperationalError as error:
        raise Problem(
            f"数据库没有应答：{error}",
            f"the database does not answer: {error}",
            remedy_zh="请检查数据库是否在运行，以及 TONGDIAN_DATABASE_URL"
            " 和 TONGDIAN_OWNER_DATABASE_URL。",
            remedy_en="Check that the database runs, TONGDIAN_DATABASE_URL and"
            " TONGDIAN_OWNER_DATABASE_URL.",
        ) from None


def _migrate_and_build(options: argparse.Namespace) -> dict[str, Any]:
    from django.core.management import call_command

    from tongdian.service import demo
    from tongdian.service.casework.sequencer import signing_key

    _say(words="数据表 tables", share=0.0)
    demo.prepare()
    call_command("collectstatic", verbosity=0, interactive=False)
    signing_key()
    built = None
    if options.customers is not None and not demo.is_built():
        options.mark.touch()
        built = demo.build(
            options.customers,
            options.seed,
            options.until,
            lambda words, share: _say(words=words, share=share),
        )
        options.mark.unlink()
    if options.customers is not None:
        demo.seed_sandbox(options.seed)
    is_demo = os.environ.get("TONGDIAN_DEMO") == "1"
    return {"built": built, **(_accounts() if is_demo else {"accounts": [], "password": None})}


def _accounts() -> dict[str, Any]:
    """The accounts that the sign-in page shows, with their roles in both languages."""
    from django.utils import translation

    from tongdian.service.identity.demo import DEMO_PASSWORD, demo_accounts
    from tongdian.service.identity.words import role_name

    def name(role: str, language: str) -> str:
        with translation.override(language):
            return role_name(role or "applicant")

    accounts = [
        {
            "username": account.username,
            "name": account.name,
            "role_zh": name(account.role, "zh-hans"),
            "role_en": name(account.role, "en"),
        }
        for account in demo_accounts()
        if account.is_featured
    ]
    return {"accounts": accounts, "password": DEMO_PASSWORD}


if __name__ == "__main__":
    sys.exit(main())
