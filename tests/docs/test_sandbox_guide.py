"""The integrator's transcript with the sandbox works as it is printed."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from support.sandbox import Sandbox

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide-integrator.md"


def snippets() -> str:
    text = GUIDE.read_text(encoding="utf-8")
    section = text.partition("\n## Sandbox\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


def answers(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_the_transcript_works(sandbox: Sandbox) -> None:
    script = snippets().replace("http://127.0.0.1:8010", sandbox.url)
    assert script.count("curl") == 10
    script = script.replace("curl -sS", "curl -sS --fail-with-body --noproxy '*'")
    done = subprocess.run(["bash", "-e"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = answers(done.stdout)
    assert len(found) == 10
    assert found[0]["data"]["small_micro"] is True
    assert found[1] == {"identity": {"fault": "down", "times": 3}}
    assert found[5]["type"] == "cn.tongdian.construction_permit.issued.v1"
    assert found[7] == {"box": "mine", "keys": 1}


def test_everybody_in_the_table_is_known(sandbox: Sandbox) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for name, number in re.findall(r"((?:示例|贵阳示例)[^\s`,|]*) `([0-9A-Z]{18})`", text):
        registry = "business" if number.startswith("91") else "identity"
        question = {"subject": number, "purpose": "connection", "consent": "C-1"}
        answer = sandbox.post(f"/registries/{registry}/query", question).json()
        assert answer["data"]["name"] == name
