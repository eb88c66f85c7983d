"""What a log must hold as a whole; each refusal names the row of the file."""

import numpy as np

from tongdian.reliability.interruption_log import Customers, InterruptionLog, iso
from tongdian.reliability.radial import Ints
from tongdian.reliability.refusals import ReliabilityError


def check_log(log: InterruptionLog, customers: Customers, rows: Ints, customers_out: Ints) -> None:
    """Raises ReliabilityError unless every step ends after it starts, no row stands there twice,
    the steps of an interruption agree and restore exactly those who were out, and never are more
    customers of a unit out at once than there are.

    `rows` (n) are row numbers in the file, `customers_out` (n) what rows say of the customers out
    in all, 0 where they say nothing.
    """
    early = np.flatnonzero(log.end <= log.start)
    if early.size:
        i = early[0]
        raise ReliabilityError(
            "end_before_start",
            "end",
            (f"恢复时间 {iso(int(log.end[i]))} 不晚于停电时间 {iso(int(log.start[i]))}",
             f"{iso(int(log.end[i]))} is not after the start, {iso(int(log.start[i]))}"),
            ("请核对两个时间和时区。", "Check both times and their zones."),
            int(rows[i]),
        )  # fmt: skip
    _no_duplicates(log, rows)
    _steps_agree(log, rows)
    _all_restored(log, rows, customers_out)
    _no_overlap(log, customers, rows)


def _no_duplicates(log: InterruptionLog, rows: Ints) -> None:
    table = np.column_stack((log.interruption, log.unit, log.start, log.end, log.customers))
    order = np.lexsort(table.T[::-1])
    same = np.flatnonzero((table[order][1:] == table[order][:-1]).all(axis=1))
    if same.size:
        first, again = sorted((int(rows[order[same[0]]]), int(rows[order[same[0] + 1]])))
        raise ReliabilityError(
            "repeated",
            "interruption",
            (f"与第 {first} 行相同", f"is row {first} again"),
            ("请删去一行；同时恢复的两批用户请合并为一行。",
             "Delete one; make one row of customers that are restored together."),
            again,
        )  # fmt: skip


def _steps_agree(log: InterruptionLog, rows: Ints) -> None:
    first = np.full(len(log.interruption_names), -1, np.int64)
    first[log.interruption[::-1]] = np.arange(log.interruption.size)[::-1]
    for column, values in (("nature", log.nature), ("cause", log.cause)):
        other = np.flatnonzero(values != values[first[log.interruption]])
        if other.size:
            i = other[0]
            raise ReliabilityError(
                "steps_differ",
                column,
                (f"与同一停电事件第 {rows[first[log.interruption[i]]]} 行不同",
                 f"differs from row {rows[first[log.interruption[i]]]} of the same interruption"),
                ("一次停电只有一个性质和原因，不同的请分为两次停电。",
                 "One interruption has one nature and one cause; make two of it if they differ."),
                int(rows[i]),
            )  # fmt: skip


def _all_restored(log: InterruptionLog, rows: Ints, customers_out: Ints) -> None:
    out = np.zeros(len(log.interruption_names), np.int64)
    np.maximum.at(out, log.interruption, customers_out)
    steps = np.bincount(log.interruption, log.customers, len(log.interruption_names))
    for i in np.flatnonzero(
        ((customers_out > 0) & (customers_out != out[log.interruption]))
        | ((out > 0) & (steps != out))[log.interruption]
    ):
        told, restored = int(out[log.interruption[i]]), int(steps[log.interruption[i]])
        code = "more_restored_than_out" if restored > told else "not_all_restored"
        raise ReliabilityError(
            code if restored != told else "steps_differ",
            "customers_out",
            (f"停电 {told} 户，各步恢复共 {restored} 户",
             f"{told} customers were out, the steps restore {restored}"),
            ("请核对户数；尚未恢复的写一行，end 留空。",
             "Check the numbers; write a row with an empty end for those still out."),
            int(rows[i]),
        )  # fmt: skip


def _no_overlap(log: InterruptionLog, customers: Customers, rows: Ints) -> None:
    """A sweep over starts and ends of each unit; ends go first, so that intervals may touch."""
    n = log.start.size
    unit = np.concatenate((log.unit, log.unit))
    when = np.concatenate((log.end, log.start))
    change = np.concatenate((-log.customers, log.customers))
    order = np.lexsort((np.repeat((0, 1), n), when, unit))
    # Each unit begins at zero, because all its changes add up to nothing.
    out = np.cumsum(change[order])
    over = np.flatnonzero(out > customers.counts[unit[order]])
    if over.size:
        i = int(order[over[0]]) - n
        count = int(customers.counts[log.unit[i]])
        raise ReliabilityError(
            "overlap",
            "customers",
            (f"{customers.names[log.unit[i]]} 共 {count} 户，{iso(int(log.start[i]))} 同时停电"
             f" {int(out[over[0]])} 户",
             f"{customers.names[log.unit[i]]} has {count} customers, but {int(out[over[0]])} are"
             f" out at once at {iso(int(log.start[i]))}"),
            ("请核对户数和时间，重叠的停电请合并。",
             "Check numbers and times; make one of interruptions that overlap."),
            int(rows[i]),
        )  # fmt: skip
