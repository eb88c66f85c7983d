"""`tongdian serve`: the database, the web processes and the worker, together."""

import argparse
import os
from typing import Any

from tongdian.commands.speech import Speaker, whole

PORT, WORKERS = 8000, 2


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    from tongdian.service.preparing import CUSTOMERS, LEAST, MOST

    text = speaker.choose("启动网站、后台任务和数据库", "serve the platform, with its database")
    parser = commands.add_parser("serve", parents=[shared], help=text, description=text)
    parser.add_argument(
        "--demo",
        action="store_true",
        help=speaker.choose("演示城市和演示账户", "the demo city with its accounts"),
    )
    parser.add_argument(
        "--customers",
        type=whole("--customers", LEAST, MOST),
        default=CUSTOMERS,
        metavar="N",
        help=speaker.choose(
            f"新建的演示城市有多少用户，默认 {CUSTOMERS}",
            f"customers of a demo city that is not built yet, {CUSTOMERS} if not said",
        ),
    )
    parser.add_argument(
        "--port",
        type=whole("--port", 1, 65_535),
        default=None,
        metavar="N",
        help=speaker.choose(
            f"端口，默认为环境变量 PORT 或 {PORT}；被占用则用下一个",
            f"port: PORT of the environment or {PORT}, the next one if it is taken",
        ),
    )
    parser.add_argument(
        "--workers",
        type=whole("--workers", 1, 10),
        default=WORKERS,
        metavar="N",
        help=speaker.choose(f"网站进程数，默认 {WORKERS}", f"web processes, {WORKERS} if not said"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.serving import serve

    port = options.port or whole("PORT", 1, 65_535)(os.environ.get("PORT") or str(PORT))
    return serve(
        port=port,
        workers=options.workers,
        customers=options.customers if options.demo else None,
        say=speaker.words,
        ready=speaker.data if speaker.as_json else lambda told: None,
    )
