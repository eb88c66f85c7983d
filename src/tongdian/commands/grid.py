"""`tongdian grid`: the network engine from a terminal."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongdian.commands import grid_city, grid_quote
from tongdian.commands.speech import CANNOT, DONE, FOUND, Speaker

if TYPE_CHECKING:
    from tongdian.grid import Case, GridError, Solution


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("电网计算", "computations on the network")
    parser = commands.add_parser("grid", help=text, description=text)
    what = parser.add_subparsers(
        required=True,
        metavar="powerflow|check|quote|city",
        title=speaker.choose("命令", "commands"),
    )
    text = speaker.choose("计算辐射网的潮流", "the power flow of a radial network")
    powerflow = what.add_parser("powerflow", parents=[shared], help=text, description=text)
    powerflow.add_argument(
        "file", metavar="FILE", help=speaker.choose("算例文件（JSON）", "a case file (JSON)")
    )
    powerflow.set_defaults(run=run_powerflow)
    text = speaker.choose(
        "检查电网数据：指出表、行、列", "find faults in a network: table, row, column"
    )
    check = what.add_parser("check", parents=[shared], help=text, description=text)
    check.add_argument(
        "folder",
        metavar="FOLDER",
        help=speaker.choose("装有 nodes.csv 等各表的文件夹", "a folder with nodes.csv and so on"),
    )
    check.set_defaults(run=run_check)
    grid_quote.register(what, shared, speaker)
    grid_city.register(what, shared, speaker)


def run_powerflow(options: argparse.Namespace, speaker: Speaker) -> int:
    """Reads a case, solves it, says the state, or that there is none. Raises GridError."""
    from tongdian.grid import NotConvergedError, read_case

    case = read_case(options.file)
    try:
        solution = case.solve()
    except NotConvergedError as error:
        if not speaker.as_json:
            raise
        said = {"converged": False, "iterations": error.rounds, "error": error.to_dict()}
        speaker.data({"name": case.name, **said})
        return CANNOT
    if speaker.as_json:
        speaker.data(_for_programs(case, solution))
    else:
        _say(case, solution, speaker)
    return DONE


def run_check(options: argparse.Namespace, speaker: Speaker) -> int:
    """Says what is wrong in a network's tables, the first fault of each column."""
    found = _findings(Path(options.folder))
    if speaker.as_json:
        speaker.data([one.to_dict() for one in found])
    for one in found:
        speaker.words(f"{one.zh}\n  {one.remedy_zh}", f"{one.en}\n  {one.remedy_en}")
    if found:
        speaker.words(f"共 {len(found)} 处需要改正。", f"{len(found)} to mend.")
        return FOUND
    speaker.words("电网数据没有问题。", "The network is sound.")
    return DONE


def _findings(folder: Path) -> "list[GridError]":
    from tongdian.grid import GridError
    from tongdian.grid.csvfiles import read_tables
    from tongdian.grid.network import assemble
    from tongdian.grid.soundness import findings
    from tongdian.grid.store import MANIFEST, open_tables

    try:
        tables = (open_tables if (folder / MANIFEST).is_file() else read_tables)(folder)
        found = list(findings(tables))
        if not found:
            assemble(tables, check=False)
    except GridError as error:
        return [error]
    return found


def _for_programs(case: "Case", solution: "Solution") -> dict[str, Any]:
    return {
        "name": case.name,
        "converged": True,
        "iterations": int(solution.rounds.max()),
        "loss_kw": solution.loss_kw,
        "loss_kvar": solution.loss_kvar,
        "load_kw": float(case.p_kw.sum()),
        "load_kvar": float(case.q_kvar.sum()),
        "min_voltage_pu": solution.min_voltage_pu,
        "min_voltage_bus": case.bus_ids[solution.min_voltage_node],
        "buses": list(case.bus_ids),
        "voltages_pu": solution.voltages_pu.tolist(),
        "angles_rad": solution.angles_rad.tolist(),
    }


def _say(case: "Case", solution: "Solution", speaker: Speaker) -> None:
    name = f"{case.name} " if case.name else ""
    nodes, closed = len(case.bus_ids), case.branches - case.open_branches
    load, loss = float(case.p_kw.sum()), solution.loss_kw
    share = f"{loss / load:.2%}" if load > 0 else "–"
    low, where = solution.min_voltage_pu, case.bus_ids[solution.min_voltage_node]
    rounds = int(solution.rounds.max())
    speaker.words(
        f"{name}{case.base_kv:g} kV，{nodes} 个节点，{closed} 条支路，{case.open_branches} 条常开",
        f"{name}{case.base_kv:g} kV, {nodes} buses, {closed} branches, {case.open_branches} open",
    )
    speaker.words(f"  负荷 {load:,.2f} kW", f"  load {load:,.2f} kW")
    speaker.words(f"  损耗 {loss:,.2f} kW（{share}）", f"  losses {loss:,.2f} kW ({share})")
    speaker.words(
        f"  最低电压 {low:.4f}（标幺值），在 {where} 号节点",
        f"  lowest voltage {low:.4f} per unit, at bus {where}",
    )
    speaker.words(f"  收敛，迭代 {rounds} 次", f"  converged in {rounds} rounds")
