"""`tongdian worker`: sequencing and timed jobs. Run as many as there is work for."""

import argparse
from typing import Any

from tongdian.commands.speech import Speaker


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("后台任务：事件入日志、到期检查等", "sequencing and timed jobs")
    parser = commands.add_parser("worker", parents=[shared], help=text, description=text)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.environment import leave_embedded, with_database

    with with_database() as database:
        database.become_web()
        import django

        django.setup()
        from tongdian.service.background import run_worker

        speaker.words("后台任务已启动，按 Ctrl-C 结束。", "The worker runs; Ctrl-C ends it.")
        status = run_worker()
    leave_embedded()
    return status
