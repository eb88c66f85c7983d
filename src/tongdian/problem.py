"""A problem told to people: what is wrong and what to do about it, in Chinese and English."""

from typing import Any


class Problem(RuntimeError):
    """Raised where a person must do something before the program can go on."""

    def __init__(self, zh: str, en: str, *, remedy_zh: str = "", remedy_en: str = "") -> None:
        super().__init__(f"{en} {remedy_en}".strip())
        self.zh, self.en = zh, en
        self.remedy_zh, self.remedy_en = remedy_zh, remedy_en

    def words(self, language: str) -> str:
        """What is wrong and what to do, for a terminal; `language` is zh or en."""
        if language == "zh":
            return "\n".join(filter(None, (self.zh, self.remedy_zh)))
        return "\n".join(filter(None, (self.en, self.remedy_en)))

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "zh": self.zh,
            "en": self.en,
            "remedy_zh": self.remedy_zh,
            "remedy_en": self.remedy_en,
        }
