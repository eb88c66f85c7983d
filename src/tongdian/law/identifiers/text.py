"""Bringing typed identifiers into one form, and hiding their middle."""

import unicodedata

_DASHES_BESIDE_PD = "\u2212\u02d7"


def normalise(text: str) -> str:
    """`text` as an identifier: half-width, upper case, without spaces, hyphens and invisible marks.

    Letters are never exchanged for digits that look like them: which was meant is the person's to
    say.
    """
    if text.isascii() and text.isalnum():
        return text.upper()
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in folded if not _is_separator(character))


def _is_separator(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] == "Z" or category in ("Cc", "Cf", "Pd") or character in _DASHES_BESIDE_PD


def mask(text: str, kept_start: int = 2, kept_end: int = 4) -> str:
    """`text` with stars for all but its first and last characters: `52************1234`.

    At most half of a text shows, so that a short or mistyped value is not given away.
    """
    while kept_start + kept_end > len(text) // 2:
        if kept_end >= kept_start:
            kept_end -= 1
        else:
            kept_start -= 1
    hidden = len(text) - kept_start - kept_end
    return text[:kept_start] + "*" * hidden + text[len(text) - kept_end :]
