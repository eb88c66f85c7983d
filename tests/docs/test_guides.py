"""The documents: their code runs, their links lead somewhere, and they name what there is."""

import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

import pytest

from support.terminal import environment, run
from tongdian.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
MOST_PICTURE_BYTES = 250_000


def test_the_researchers_code_runs_without_a_database() -> None:
    text = (DOCS / "guide-researcher.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 6
    guard = "import sys; assert not {'django', 'psycopg', 'tongdian.service'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*blocks, guard])],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Mid-Autumn" in done.stdout


def test_the_integrators_verification_runs() -> None:
    text = (DOCS / "guide-integrator.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-c", block],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "verified\n"), done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if re.match(r"(https?:|mailto:|#)", target):
            continue
        assert (page.parent / unquote(target.partition("#")[0])).exists(), target


def test_pictures_are_light() -> None:
    pictures = list((DOCS / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size <= MOST_PICTURE_BYTES, picture.name


def test_every_dependency_has_its_reason_and_its_release() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    wanted = [*installed, *project["dependency-groups"]["bench"]]
    rows = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    for requirement in wanted:
        name = re.split(r"[\[<>=]", requirement)[0]
        row = re.search(
            rf"^\| [^|]*(?<![\w-]){re.escape(name)}(?![\w-])[^|]*\|([^|]*)\|", rows, re.MULTILINE
        )
        assert row is not None, name
        if requirement in installed:
            major, minor = version(name).split(".")[:2]
            assert f"{major}.{minor}" in row[1], f"{name} is at {version(name)}"


def test_both_readmes_have_the_same_commands_and_links() -> None:
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md")
    )
    own = {"README.zh.md", "README.md", "docs/pictures/track-en.png", "docs/pictures/track-zh.png"}
    assert set(LINK.findall(english)) - own == set(LINK.findall(chinese)) - own
    for text in (english, chinese):
        commands = re.findall(r"^\$ (?:\.venv/bin/)?tongdian (\w+)", text, re.MULTILINE)
        assert set(commands) <= {*COMMANDS, "verify", "manage"}
        for command in ("make run", "make test"):
            assert command in text


def test_the_commands_of_the_readme_work() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in re.findall(r"^\$ tongdian ((?:deadline|plan show)[^#\n]*)", text, re.MULTILINE):
        answer = run(*line.split())
        assert answer.status == 0, line


def test_operations_names_every_setting() -> None:
    """What the settings module reads from the environment, apart from the secret itself."""
    source = (ROOT / "src/tongdian/service/settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'environ\.get\(\s*"(TONGDIAN_\w+)"', source))
    text = (DOCS / "operations.md").read_text(encoding="utf-8")
    assert len(names) > 6
    for name in names - {"TONGDIAN_SECRET_KEY"}:
        assert f"`{name}`" in text


def test_every_decision_is_listed_and_short() -> None:
    decisions = sorted((DOCS / "decisions").glob("0*.md"))
    index = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    assert [path.name[:4] for path in decisions] == [
        f"{number:04}" for number in range(1, len(decisions) + 1)
    ]
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert f"({path.name})" in index
        assert len(text.split()) < 400
        for part in ("**Context.**", "**Decision.**", "**Consequence.**"):
            assert part in text
