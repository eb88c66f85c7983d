"""`tongdian grid city`: the synthetic city's network as a folder, made once and opened since."""

import argparse
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tongdian.commands.speech import DONE, Speaker, whole
from tongdian.places import data_folder, make_folder

NODES: Final = 60_000
NAME: Final = "city-network"


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    """Adds the command."""
    say = speaker.choose
    text = say("生成示例城市的电网", "make the network of the synthetic city")
    parser = commands.add_parser("city", parents=[shared], help=text, description=text)
    parser.add_argument(
        "folder", metavar="FOLDER", help=say("放在哪里（新文件夹）", "a new folder")
    )
    parser.add_argument(
        "--nodes", type=whole("--nodes", 1_000, 5_000_000), default=NODES, metavar="N",
        help=say(f"大约多少个节点，默认 {NODES}", f"about how many nodes, {NODES}"),
    )  # fmt: skip
    parser.add_argument(
        "--seed", type=whole("--seed", 0, 2**63 - 1), default=None, metavar="S",
        help=say("种子，默认与演示城市相同", "the seed, the demo city's without it"),
    )  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    """Makes the folder and says what is in it. Raises Problem."""
    from tongdian.problem import Problem

    folder = Path(options.folder)
    if folder.exists():
        raise Problem(
            f"{folder} 已经存在", f"{folder} is there already.",
            remedy_zh="请换一个新文件夹。", remedy_en="Name a new folder.",
        )  # fmt: skip
    nodes, seed = make(folder, options.nodes, options.seed)
    speaker.words(f"{folder}：{nodes:,} 个节点", f"{folder}: {nodes:,} nodes")
    if speaker.as_json:
        speaker.data({"folder": str(folder), "nodes": nodes, "seed": seed})
    return DONE


def city_folder(speaker: Speaker) -> Path:
    """The demo city's network in the data folder; made when it is not there yet."""
    folder = data_folder() / NAME
    if not folder.is_dir():
        speaker.words(
            "第一次使用：生成示例城市的电网，约需半分钟……",
            "First use: making the network of the synthetic city, about half a minute …",
        )
        make(folder)
    return folder


def make(folder: Path, nodes: int = NODES, seed: int | None = None) -> tuple[int, int]:
    """The network of a city of this size and seed, whole or not at all; without a seed and a size
    of its own it lies along the demo city's streets. Returns its nodes and the seed."""
    from tongdian.city import generate
    from tongdian.city.network.build import generate_network, lay_network
    from tongdian.city.network.storage import save_network
    from tongdian.grid.schemes.world import complete
    from tongdian.law.calendar import local_date
    from tongdian.service.preparing import CUSTOMERS, SEED

    seed = SEED if seed is None else seed
    on = local_date(datetime.now(UTC))
    if (nodes, seed) == (NODES, SEED):
        city = lay_network(generate(CUSTOMERS, SEED).streets, nodes, seed, on)
    else:
        city = generate_network(nodes, seed, on)
    make_folder(folder.parent.resolve())
    half_made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent.resolve()))
    try:
        save_network(city, half_made)
        complete(half_made)
        half_made.chmod(0o755)
        half_made.rename(folder)
    except OSError:
        shutil.rmtree(half_made, ignore_errors=True)
        # Somebody else made it meanwhile: theirs is the same.
        if not folder.is_dir():
            raise
    return len(city.tables.nodes), seed
