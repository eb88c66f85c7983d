"""`tongdian sandbox`: the played city government."""

import argparse
from typing import Any

from tongdian.commands.speech import DONE, Speaker, whole

PORT = 8010


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    from tongdian.service.preparing import CUSTOMERS, LEAST, MOST, SEED

    text = speaker.choose(
        "启动模拟政府：审批系统、登记系统、信用平台、消息网关", "serve the sandbox city government"
    )
    parser = commands.add_parser("sandbox", parents=[shared], help=text, description=text)
    parser.add_argument(
        "--port",
        type=whole("--port", 1, 65_535),
        default=PORT,
        metavar="N",
        help=speaker.choose(
            f"端口，默认 {PORT}；被占用则用下一个", f"port, {PORT}; the next one if it is taken"
        ),
    )
    parser.add_argument(
        "--seed",
        type=whole("--seed", 0, 2**63 - 1),
        default=SEED,
        metavar="S",
        help=speaker.choose("城市和密钥的种子", "seed of the city and of the keys"),
    )
    parser.add_argument(
        "--customers",
        type=whole("--customers", LEAST, MOST),
        default=CUSTOMERS,
        metavar="N",
        help=speaker.choose("城市有多少用户，与演示城市一致", "customers, as the demo city has"),
    )
    parser.add_argument(
        "--target",
        default="",
        metavar="URL",
        help=speaker.choose("推送到的平台地址（本机）", "the platform that is pushed to (local)"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.problem import Problem
    from tongdian.sandbox.pushes import local_target
    from tongdian.sandbox.serving import HOST, serve
    from tongdian.service.serving import free_port

    try:
        target = local_target(options.target)
    except ValueError:
        raise Problem(
            f"--target 的“{options.target}”不对",
            f"--target: {options.target!r} will not do.",
            remedy_zh="应为本机的地址，如 http://127.0.0.1:8000。",
            remedy_en="It has to be an address of this machine, as http://127.0.0.1:8000.",
        ) from None
    port = free_port(options.port, speaker.words)
    address = f"http://{HOST}:{port}/"
    speaker.words(f"模拟政府：{address}", f"Sandbox government: {address}")
    speaker.words("按 Ctrl-C 结束。", "Ctrl-C ends it.")
    if speaker.as_json:
        speaker.data({"address": address, "seed": options.seed, "customers": options.customers})
    serve(port, options.seed, options.customers, target)
    return DONE
