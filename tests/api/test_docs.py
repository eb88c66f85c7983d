"""The integrators' page: its commands really work, its tables are whole, and the guide agrees."""

import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from support.outage import OwnService, own_service
from tongdian.service.api.problems import PROBLEMS
from tongdian.service.api.urls import api
from tongdian.service.api.walkthrough import COMMANDS, set_up

GUIDE = Path(__file__).parents[2] / "docs" / "guide-integrator.md"


def page(language: str) -> str:
    client = Client()
    client.cookies["language"] = language
    response = client.get("/api/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture(scope="module")
def service() -> Iterator[OwnService]:
    with own_service() as running:
        yield running


def test_the_commands_of_the_page_work_as_they_stand(service: OwnService, tmp_path: Path) -> None:
    """Copied from the page into a shell, one after the other, twice: the second time replays."""
    if not shutil.which("curl"):
        pytest.skip("needs curl")
    text = service.http.get("/api/").text
    shown = re.findall(r'<code id="command-([a-z-]+)">(.*?)</code>', text, re.DOTALL)
    assert [name for name, _ in shown] == ["set-up", *COMMANDS]
    commands = [html.unescape(command) for name, command in shown if name != "set-up"]
    base = str(service.http.base_url).rstrip("/")
    assert html.unescape(shown[0][1]).startswith(f"export TONGDIAN={base}")
    script = "\n".join(["set -eu", set_up(base, service.key), *commands])
    for _ in range(2):
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert '"track": "zero_lv"' in done.stdout
        assert '"withdrawn"' in done.stdout
        case = json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))
        receipt = json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8"))
        assert receipt["event"]["header"]["case"] == case["number"]
        assert receipt["event"]["header"]["kind"] == "withdrawn"
    bearer = {"Authorization": f"Bearer {service.key}"}
    assert len(service.http.get("/api/v1/cases", headers=bearer).json()["items"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "title"), [("zh-hans", "开放接口"), ("en", "Open interface")])
def test_every_operation_and_every_problem_is_listed(language: str, title: str) -> None:
    text = page(language)
    assert f"<h1>{title}</h1>" in text
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            address = f"{method.upper()} {path.removeprefix('/api/v1')}"
            assert f"<code>{address}</code>" in text
    for kind in PROBLEMS.values():
        assert f'id="problem-{kind.slug}"' in text
        assert html.escape(kind.todo_en if language == "en" else kind.todo_zh) in text


@pytest.mark.django_db
def test_english_is_complete() -> None:
    main = page("en").partition("<main")[2].partition("</main>")[0]
    body = re.sub(r"<pre.*?</pre>", "", main, flags=re.DOTALL)
    assert re.findall(r"[\u4e00-\u9fff]+", body) == []


@pytest.mark.django_db
def test_every_page_leads_there() -> None:
    assert '<a href="/api/">' in Client().get("/commitments/").content.decode()


@pytest.mark.django_db
def test_the_key_of_the_demo_is_shown_in_a_demo_alone(settings: object) -> None:
    assert "td_demo-key" not in page("en")
    settings.TONGDIAN_DEMO = True  # type: ignore[attr-defined]
    assert "td_demo-key" in page("en")


def test_the_guide_has_the_same_commands_and_problems() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for command in COMMANDS.values():
        assert command in text
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", text, re.MULTILINE))
    assert told == {kind.slug: str(kind.status) for kind in PROBLEMS.values()}
