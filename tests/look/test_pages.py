"""Frames and error pages: no database, no inline style or script, every word in English too."""

import hashlib
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override
from django.utils.translation.template import templatize

import tongdian.service as service
from tongdian.service.look import errors

SERVICE = Path(service.__file__).parent
LOOK = SERVICE / "look"
STATIC = SERVICE / "static"
pytestmark = pytest.mark.urls("support.look_urls")
STATUSES = (400, 403, 404, 409, 500, 503)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_need_no_context_and_no_database(status: int, language: str) -> None:
    with override(language):
        html = render_to_string(f"{status}.html")
    safe = {"zh-hans": "什么没有受影响", "en": "What is safe"}[language]
    todo = {"zh-hans": "您可以怎么做", "en": "What you can do"}[language]
    assert safe in html
    assert todo in html
    assert html.count("<h1>") == 1
    if language == "en":
        body = html.split("<main")[1].split("</main>")[0]
        assert not re.search(r"[\u4e00-\u9fff]", body)


def test_a_refused_step_says_what_happened_and_what_is_allowed() -> None:
    response = errors.conflict(
        RequestFactory().get("/"),
        reason="不能受理",
        happened=["李四已受理"],
        allowed=["勘查记录"],
        back="/desk/1/",
    )
    html = response.content.decode()
    assert response.status_code == 409
    for words in ("不能受理", "李四已受理", "勘查记录", 'href="/desk/1/"'):
        assert words in html


def test_an_unknown_page_is_404_in_the_frame(client: Client) -> None:
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "没有找到这一页" in response.content.decode()


def test_large_text_is_remembered_and_taken_back(client: Client) -> None:
    response = client.post("/look/elder/", {"elder": "1", "next": "/keys/"})
    assert response.headers["Location"] == "/keys/"
    assert 'class="no-js elder"' in client.get("/").content.decode()
    client.post("/look/elder/", {"elder": "0", "next": "/"})
    assert "elder" not in client.get("/").content.decode().split("<head>")[0]


def test_large_text_never_sends_people_elsewhere(client: Client) -> None:
    response = client.post("/look/elder/", {"elder": "1", "next": "https://example.org/"})
    assert response.headers["Location"] == "/"


def test_the_language_is_one_press_away(client: Client) -> None:
    client.post("/look/language/", {"language": "en", "next": "/"})
    html = client.get("/").content.decode()
    assert '<html lang="en"' in html
    assert "Skip to content" in html


def test_the_gallery_is_for_the_demo_only(client: Client, settings: object) -> None:
    settings.DEMO = False  # type: ignore[attr-defined]
    assert client.get("/look/gallery/").status_code == 404
    settings.DEMO = True  # type: ignore[attr-defined]
    assert client.get("/look/gallery/").status_code == 200


def test_no_page_of_the_service_has_inline_style_or_script() -> None:
    found = []
    for path in SERVICE.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        for pattern in (r"<style", r"<script(?![^>]*\bsrc=)", r"\sstyle=", r"\son[a-z]+="):
            if re.search(pattern, source):
                found.append((str(path.relative_to(SERVICE)), pattern))
    assert found == []


def test_a_page_stays_light() -> None:
    """First visit, uncompressed: style, script, and the two font slices an ordinary page needs."""
    names = (
        "css/tongdian.css",
        "css/fonts.css",
        "js/tongdian.js",
        "vendor/htmx-2.0.11.min.js",
        "fonts/ui.woff2",
        "fonts/bold.woff2",
    )
    sizes = {name: (STATIC / name).stat().st_size for name in names}
    assert sizes["css/tongdian.css"] <= 30_720
    assert sizes["fonts/ui.woff2"] <= 250_000
    assert sum(sizes.values()) <= 300_000


def test_vendored_files_are_what_the_readme_says() -> None:
    readme = (STATIC / "vendor/README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"\| `([\w.-]+\.js)` .*`([0-9a-f]{128})`", readme))
    present = {path.name for path in (STATIC / "vendor").glob("*.js")}
    assert set(listed) == present
    for name, digest in listed.items():
        assert hashlib.sha512((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest


def test_every_character_of_gb2312_has_a_face() -> None:
    css = (STATIC / "css/fonts.css").read_text(encoding="utf-8")
    covered: set[int] = set()
    for rule in re.findall(r"@font-face\{[^}]*\}", css):
        file = re.search(r'url\("\.\./fonts/([\w.-]+)"\)', rule)
        assert file is not None
        assert (STATIC / "fonts" / file.group(1)).exists()
        if '"Tongdian Regular"' in rule:
            for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", rule):
                covered.update(range(int(start, 16), int(end or start, 16) + 1))
    wanted = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            text = bytes([high, low]).decode("gb2312", "ignore")
            wanted.update(map(ord, text))
    assert len(wanted) == 6763
    assert wanted <= covered


def message_ids() -> set[str]:
    found: set[str] = set()
    call = re.compile(r'(?:\b_|gettext|gettext_lazy|ngettext)\(\s*u?(["\'])(.*?)\1', re.S)
    for path in LOOK.rglob("*"):
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix == ".html":
            source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        found.update(match[1] for match in call.findall(source))
    return {text for text in found if re.search(r"[\u3000-\u9fff，。]", text)}


def test_every_word_of_the_look_has_its_english() -> None:
    with (LOOK / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalog = read_po(file)
    texts: dict[str, object] = {}
    for message in catalog:
        key = message.id[0] if isinstance(message.id, tuple) else message.id
        texts[key] = message.string
    ids = message_ids()
    assert len(ids) > 100
    assert sorted(text for text in ids if not texts.get(text)) == []


def test_chinese_until_english_is_chosen(client: Client) -> None:
    """What a browser was sold with is no choice."""
    said = client.get("/look/gallery/", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert 'lang="zh-CN"' in said.content.decode()
    client.cookies["language"] = "en"
    chosen = client.get("/look/gallery/", headers={"Accept-Language": "zh-CN"})
    assert 'lang="en"' in chosen.content.decode()
