"""`tongdian keys`: the keys that people's data is sealed with; a new one, and sealing anew."""

import argparse
from typing import Any

from tongdian.commands.speech import DONE, Speaker


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("个人信息的加密密钥", "the keys of sealed data")
    parser = commands.add_parser("keys", parents=[shared], help=text, description=text)
    parser.add_argument(
        "what",
        choices=("list", "rotate", "reseal"),
        nargs="?",
        default="list",
        help=speaker.choose(
            "list 列出密钥与用量；rotate 换新密钥并由后台任务重新加密；reseal 现在就重新加密",
            "list the keys and what they seal; rotate to a new one, the worker seals anew;"
            " reseal at once",
        ),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.environment import with_database

    with with_database(make=False) as database:
        database.become_web()
        import django

        django.setup()
        return {"list": _list, "rotate": _rotate, "reseal": _reseal}[options.what](speaker)


def _list(speaker: Speaker) -> int:
    from tongdian.service.sealing.keyring import keyring
    from tongdian.service.sealing.resealing import sealed_by_key

    counts = sealed_by_key()
    rows: list[dict[str, Any]] = [
        {
            "id": key.id,
            "made": key.made.isoformat(timespec="seconds"),
            "in_use": key.id == keyring().newest.id,
            "sealed": {place: counts[place][key.id] for place in sorted(counts)},
        }
        for key in sorted(keyring().keys.values(), key=lambda key: key.id)
    ]
    if speaker.as_json:
        speaker.data({"keys": rows})
    for row in rows:
        used = ("，现用", ", in use") if row["in_use"] else ("", "")
        sealed = row["sealed"]
        parts = "  ".join(f"{place} {count:,}" for place, count in sealed.items() if count) or "—"
        speaker.words(
            f"密钥 {row['id']}：{row['made']}{used[0]}；加密：{parts}",
            f"key {row['id']}: {row['made']}{used[1]}; seals: {parts}",
        )
    return DONE


def _rotate(speaker: Speaker) -> int:
    from tongdian.service.privacy.jobs import reseal_all
    from tongdian.service.sealing.keyring import key_file, rotate

    made = rotate()
    reseal_all.configure().defer(timestamp=0)
    if speaker.as_json:
        speaker.data({"id": made.id, "made": made.made.isoformat()})
    speaker.words(
        f"新密钥 {made.id} 已启用，后台任务会重新加密可改写的数据；旧密钥须保留，事件仍用它打开。\n"
        f"请立即备份 {key_file().name}：丢失它，数据就无法打开。",
        f"Key {made.id} is in use; the worker seals anew what may be changed. Older keys stay:"
        f" events are opened with them.\nBack up {key_file().name} now: without it nothing opens.",
    )
    return DONE


def _reseal(speaker: Speaker) -> int:
    from tongdian.service.casework.grants import APPEND_ONLY
    from tongdian.service.sealing.resealing import reseal

    done = reseal(except_tables=APPEND_ONLY)
    if speaker.as_json:
        speaker.data({"resealed": done})
    speaker.words(f"已重新加密 {done:,} 项。", f"{done:,} values sealed anew.")
    return DONE
