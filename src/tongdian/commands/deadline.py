"""`tongdian deadline`: on which day so many working days end, and why on that day."""

import argparse
from typing import Any

from tongdian.commands.speech import DONE, Speaker, day, whole
from tongdian.problem import Problem


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("推算工作日到期日", "the day on which working days end")
    parser = commands.add_parser("deadline", parents=[shared], help=text, description=text)
    parser.add_argument(
        "--from",
        dest="start",
        type=day("--from"),
        required=True,
        metavar="YYYY-MM-DD",
        help=speaker.choose("起算之日（当日不计）", "the day of the event, itself not counted"),
    )
    parser.add_argument(
        "--working-days",
        type=whole("--working-days", 0, 10_000),
        required=True,
        metavar="N",
        help=speaker.choose("工作日数", "how many working days"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.law.calendar import CalendarRangeError, default_calendar

    calendar = default_calendar()
    try:
        found = calendar.explain(options.start, options.working_days)
    except CalendarRangeError as error:
        raise Problem(
            f"超出工作日历的范围：{calendar.first} 至 {calendar.last}",
            f"{error}.",
            remedy_zh="请改用范围内的日期。",
            remedy_en=f"Use days from {calendar.first} to {calendar.last}.",
        ) from None
    if speaker.as_json:
        speaker.data(found.to_dict())
        return DONE
    speaker.words(
        f"{found.start} 起 {found.working_days} 个工作日，到期日 {found.due}",
        f"{found.working_days} working days from {found.start} end on {found.due}",
    )
    if found.provisional:
        announced = calendar.announced_until
        speaker.words(
            f"暂定：{announced} 以后的放假安排尚未公布，公布后可能变动。",
            f"Provisional: holidays after {announced} are not announced yet and may move it.",
        )
    for skipped in found.skipped:
        speaker.words(
            f"  不计 {skipped.date} {skipped.reason_zh}",
            f"  skipped {skipped.date} {skipped.reason_en}",
        )
    for counted in found.counted_makeup:
        speaker.words(
            f"  计入 {counted.date} {counted.reason_zh}",
            f"  counted {counted.date} {counted.reason_en}",
        )
    return DONE
