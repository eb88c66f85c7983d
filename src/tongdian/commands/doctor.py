"""`tongdian doctor`: what the platform needs, whether it is there, and what to do if it is not."""

import argparse
from dataclasses import asdict
from typing import Any

from tongdian.commands.speech import DONE, FOUND, Speaker

MARKS = {"ok": "✓", "note": "!", "wrong": "✗"}


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("检查运行环境", "examine this installation")
    parser = commands.add_parser("doctor", parents=[shared], help=text, description=text)
    every = speaker.choose("核对全部案件与事件，不只抽查", "look at every case, not at some")
    parser.add_argument("--every-case", action="store_true", help=every)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.doctor import examine

    findings = examine(options.every_case)
    wrong = sum(finding.status == "wrong" for finding in findings)
    if speaker.as_json:
        speaker.data({"ok": not wrong, "checks": [asdict(finding) for finding in findings]})
    for finding in findings:
        mark = MARKS[finding.status]
        speaker.words(
            f"{mark} {finding.name_zh}：{finding.zh}", f"{mark} {finding.name_en}: {finding.en}"
        )
        if finding.remedy_zh:
            speaker.words(f"  → {finding.remedy_zh}", f"  → {finding.remedy_en}")
    if wrong:
        speaker.words(f"{wrong} 项需要处理。", f"{wrong} to be put right.")
        return FOUND
    speaker.words("一切正常。", "All is well.")
    return DONE
