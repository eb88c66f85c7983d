"""HTML in small pieces; everything that is put in is escaped."""

from collections.abc import Iterable
from html import escape


class Html(str):
    """Text that is HTML already."""


def show(value: object) -> Html:
    return value if isinstance(value, Html) else Html(escape(str(value)))


def tag(name: str, /, *inside: object, **attributes: object) -> Html:
    """An element. `class_` and `for_` lose their last character; True is a bare attribute."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}"
        + ("" if value is True else f'="{escape(str(value))}"')
        for key, value in attributes.items()
        if value not in (None, False)
    )
    return Html(f"<{name}{written}>{''.join(map(show, inside))}</{name}>")


def void(name: str, /, **attributes: object) -> Html:
    return Html(tag(name, **attributes).rpartition("</")[0])


def table(heads: Iterable[object], rows: Iterable[Iterable[object]], empty: object) -> Html:
    """A table, or what is said when there is nothing in it."""
    body = [tag("tr", *(tag("td", cell) for cell in row)) for row in rows]
    if not body:
        return tag("p", empty, class_="muted")
    head = tag("thead", tag("tr", *(tag("th", one, scope="col") for one in heads)))
    return tag("div", tag("table", head, tag("tbody", *body)), class_="scroll")


def choice(name: str, options: Iterable[tuple[object, object]], chosen: object = "") -> Html:
    return tag(
        "select",
        *(tag("option", words, value=value, selected=value == chosen) for value, words in options),
        name=name, aria_label=name,
    )  # fmt: skip
