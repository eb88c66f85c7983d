"""What the readers share: limits of a file, its encoding, the words for ways of laying."""

from collections.abc import Mapping
from typing import Final

from tongdian.works.refusals import RouteError

MOST_BYTES: Final = 2_000_000
# Words in the properties, cells and layer names of drawings, the more special first.
LAYING_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "pulled": ("pulled", "hdd", "jacking", "非开挖", "顶管", "拉管"),
    "existing_duct": ("existing_duct", "duct", "已有", "现有", "利用", "排管", "管沟", "管廊"),
    "overhead": ("overhead", "架空"),
    "bridge": ("bridge", "桥"),
    "trench": ("trench", "直埋", "开挖", "明挖", "电缆沟", "新建沟", "挖沟"),
}
CHAMBER_WORDS: Final = ("chamber", "well", "manhole", "井")
DEFAULT_LAYING: Final = "trench"


def laying_named(text: str) -> str | None:
    """The way of laying that a word or a layer name tells, None when it tells none."""
    lowered = text.strip().lower()
    for laying, words in LAYING_WORDS.items():
        if any(word in lowered for word in words):
            return laying
    return None


def is_chamber(text: str) -> bool:
    """Whether a word or a layer name tells a chamber (电力井室)."""
    lowered = text.strip().lower()
    return any(word in lowered for word in CHAMBER_WORDS)


def sized(data: bytes | str) -> bytes:
    """The file as bytes. Raises RouteError `too_large` or `empty_file`."""
    content = data.encode() if isinstance(data, str) else data
    if len(content) > MOST_BYTES:
        raise too_large(len(content))
    if not content.strip():
        raise _empty()
    return content


def too_large(size: int) -> RouteError:
    """A file of `size` bytes is too large for a route."""
    return RouteError(
        "too_large",
        "file",
        (f"文件 {size / 1e6:.1f} MB，超过 {MOST_BYTES / 1e6:.0f} MB",
         f"the file has {size / 1e6:.1f} MB, more than {MOST_BYTES / 1e6:.0f} MB"),
        ("请只上传外线路径本身，删去底图并抽稀。",
         "Upload the route alone, without base map, and simplify it."),
    )  # fmt: skip


def decoded(content: bytes, encodings: tuple[str, ...]) -> str:
    """The text in the first encoding that fits. Raises RouteError."""
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise _empty()
        if "\0" not in text:
            return text
    names = {"utf-8-sig": "UTF-8", "gb18030": "GB 18030"}
    known = [names[encoding] for encoding in encodings]
    raise RouteError(
        "wrong_encoding",
        "file",
        (f"文件编码不是 {' 或 '.join(known)}", f"the file is not encoded in {' or '.join(known)}"),
        (f"请另存为 {known[0]} 编码的文本文件。", f"Save it as a text file in {known[0]}."),
    )


def _empty() -> RouteError:
    return RouteError(
        "empty_file",
        "file",
        ("文件是空的", "the file is empty"),
        ("请重新导出后上传。", "Export it again and upload it."),
    )
