"""`/api/`: what an integrator can do, in five steps, with every operation and every problem."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from ninja import NinjaAPI

from tongdian.service.api.problems import PROBLEMS, TYPE
from tongdian.service.api.walkthrough import COMMANDS, set_up
from tongdian.service.identity.demo import DEMO_API_KEY


def steps() -> list[dict[str, str]]:
    """Title, words and command of each step."""
    words = {
        "ask": (
            _("先问：办得下来吗，要多久"),
            _("不需要密钥。回答办电类型、环节、材料、承诺期限和费用，每一句都有出处。"),
        ),
        "submit": (
            _("提交用电申请"),
            _(
                "每次写入带一个新的 Idempotency-Key。网络断了就用同一个键重发：只会有一件，"
                "回答也一样。回答里的查询码给申请人，只显示这一次。"
            ),
        ),
        "read": (
            _("看办到哪一步"),
            _("在谁手里、到哪天、为什么是那天。allowed 里是您现在可以做的事。"),
        ),
        "act": (
            _("办一步：这里是撤回"),
            _(
                "expected_seq 是您看到的最后一个事件；别人先办了，就回答 409 和发生了什么。"
                "示例撤回这件申请。"
            ),
        ),
        "verify": (
            _("保存回执，自己核验"),
            _("回执带着日志的包含证明和签名树头，核验不用联网，也不用相信我们。"),
        ),
    }
    return [
        {"id": name, "title": title, "text": text, "command": COMMANDS[name]}
        for name, (title, text) in words.items()
    ]


def _pick(text: str) -> str:
    """The half of `中文 / English` that the reader reads."""
    chinese, _slash, english = text.partition(" / ")
    return english if (get_language() or "zh").startswith("en") and english else chinese


def operations(api: NinjaAPI) -> list[dict[str, Any]]:
    """The operations of the OpenAPI document in groups, each with its method, path and scopes."""
    names = {
        "cases": _("案件"),
        "actions": _("办理事项"),
        "log": _("公开日志"),
        "facts": _("方案与日历"),
    }
    groups: dict[str, list[dict[str, Any]]] = {tag: [] for tag in names}
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            groups[operation["tags"][0]].append(
                {
                    "method": method.upper(),
                    "path": path.removeprefix("/api/v1"),
                    "summary": _pick(operation["summary"]),
                    "scopes": [scope for need in operation.get("security", ()) for scope in
                               need["ApiKey"]],
                }
            )  # fmt: skip
    return [{"name": names[tag], "rows": rows} for tag, rows in groups.items()]


def problems() -> list[dict[str, Any]]:
    english = (get_language() or "zh").startswith("en")
    return [
        {
            "slug": kind.slug,
            "status": kind.status,
            "title": kind.title_en if english else kind.title_zh,
            "todo": kind.todo_en if english else kind.todo_zh,
        }
        for kind in PROBLEMS.values()
    ]


@require_GET
def docs_view(request: HttpRequest) -> HttpResponse:
    """The page for integrators; in a demo with the key of the example integrator."""
    from tongdian.service.api.urls import api

    key = DEMO_API_KEY if settings.TONGDIAN_DEMO else _("<您的密钥>")
    context = {
        "set_up": set_up(request.build_absolute_uri("/").rstrip("/"), key),
        "steps": steps(),
        "groups": operations(api),
        "problems": problems(),
        "prefix": TYPE,
        "stop": ". " if (get_language() or "zh").startswith("en") else "。",
        "version": api.version,
    }
    return render(request, "api/docs.html", context)
