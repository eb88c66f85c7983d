"""What every page's frame needs: navigation, language, large text."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

ELDER_COOKIE = "elder"

PUBLIC_NAVIGATION = (
    ("portal:home", _("办电")),
    ("portal:track", _("查进度")),
    ("portal:outages", _("停电")),
    ("portal:commitments", _("服务承诺")),
    ("portal:verify", _("公开验证")),
)


def short_language() -> str:
    """`zh` or `en`."""
    return "en" if (get_language() or "").startswith("en") else "zh"


@dataclass(slots=True)
class NavigationItem:
    """A link of the main navigation."""

    url: str
    label: str | Promise
    current: bool = False


def _navigation(path: str) -> list[NavigationItem]:
    """The public pages that exist, the current one marked. The longest matching address wins."""
    items = []
    for name, label in PUBLIC_NAVIGATION:
        try:
            items.append(NavigationItem(reverse(name), label))
        except NoReverseMatch:
            continue
    matching = [i for i in items if path == i.url or (i.url != "/" and path.startswith(i.url))]
    if matching:
        max(matching, key=lambda item: len(item.url)).current = True
    return items


def look(request: HttpRequest) -> dict[str, Any]:
    return {
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "lang": short_language(),
        "html_lang": "en" if short_language() == "en" else "zh-CN",
        "here": request.get_full_path(),
        "demo": settings.DEMO,
        "navigation": SimpleLazyObject(lambda: _navigation(request.path)),
    }
