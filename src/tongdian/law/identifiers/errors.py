"""Refusals of identifiers: what is wrong, where, by which rule, and what to do about it.

The full value never appears in an error, only a masked one, so that errors may be logged.
"""

from dataclasses import dataclass

from tongdian.law.identifiers.text import mask, normalise

_LONGEST = 200


class IdentifierError(ValueError):
    """A refused identifier. Texts are pairs of Chinese and English.

    `code` is stable: empty, wrong_length, illegal_character, unknown_province, unknown_division,
    impossible_date, future_date, wrong_check_character, wrong_form. `position` counts characters
    from 1 after spaces and hyphens are taken out, None when the rule concerns the whole.
    """

    def __init__(
        self,
        field: str,
        value_masked: str,
        rule_zh: str,
        rule_en: str,
        remedy_zh: str,
        remedy_en: str,
        position: int | None = None,
        code: str = "wrong_form",
    ) -> None:
        # All arguments go to the base class so that the error survives pickling.
        super().__init__(
            field, value_masked, rule_zh, rule_en, remedy_zh, remedy_en, position, code
        )
        self.field = field
        self.value_masked = value_masked
        self.rule_zh = rule_zh
        self.rule_en = rule_en
        self.remedy_zh = remedy_zh
        self.remedy_en = remedy_en
        self.position = position
        self.code = code

    def __str__(self) -> str:
        return f"{self.field} {self.value_masked!r}: {self.rule_en}. {self.remedy_en}."


@dataclass(frozen=True, slots=True)
class Scheme:
    """What every parser of one kind of identifier needs: names, length, form and masking.

    `form_zh` and `form_en` say how a right one looks; `kept` is how many characters a masked value
    shows at its start and end.
    """

    field: str
    zh: str
    en: str
    length: int
    form_zh: str
    form_en: str
    kept: tuple[int, int]

    def masked(self, value: str) -> str:
        """The value with its middle starred out."""
        return mask(normalise(value[:_LONGEST]), *self.kept)

    def clean(self, value: str) -> str:
        """`value` normalised and of the right length. Raises IdentifierError."""
        text = normalise(value) if len(value) <= _LONGEST else value
        if not text:
            raise self.refusal(value, "empty", f"{self.zh}必须填写", f"The {self.en} is missing")
        if len(text) != self.length:
            raise self.refusal(
                value,
                "wrong_length",
                f"{self.zh}应为{self.length}位，现为{len(text)}位",
                f"The {self.en} has {self.length} characters, this has {len(text)}",
            )
        return text

    def require(
        self, text: str, first: int, last: int, alphabet: str, allowed_zh: str, allowed_en: str
    ) -> None:
        """Refuse a character of positions `first` to `last` (from 1) outside `alphabet`."""
        for position in range(first, last + 1):
            character = text[position - 1]
            if character not in alphabet:
                shown = character if character.isprintable() else f"U+{ord(character):04X}"
                raise self.refusal(
                    text,
                    "illegal_character",
                    f"{self.zh}第{position}位“{shown}”不对，只能是{allowed_zh}",
                    f"Character {position} of the {self.en}, “{shown}”, can only be {allowed_en}",
                    position=position,
                )

    def require_digits(self, text: str, first: int, last: int) -> None:
        """Refuse anything but the digits 0 to 9 at positions `first` to `last`."""
        self.require(text, first, last, "0123456789", "数字0–9", "a digit 0–9")

    def refusal(
        self,
        value: str,
        code: str,
        rule_zh: str,
        rule_en: str,
        *,
        position: int | None = None,
        remedy: tuple[str, str] | None = None,
    ) -> IdentifierError:
        """An error about `value`; the remedy is the right form unless `remedy` says otherwise."""
        remedy_zh, remedy_en = remedy or (
            f"请核对后重新填写：{self.form_zh}",
            f"Check it and write it again: {self.form_en}",
        )
        return IdentifierError(
            self.field,
            self.masked(value),
            rule_zh,
            rule_en,
            remedy_zh,
            remedy_en,
            position,
            code,
        )

    def wrong_check(self, value: str, position: int | None = None) -> IdentifierError:
        """The check character contradicts the rest. Never tells which one would be right."""
        return self.refusal(
            value,
            "wrong_check_character",
            f"{self.zh}的校验码不符，至少有一位写错",
            f"The check character of the {self.en} does not match, so at least one is wrong",
            position=position,
            remedy=(
                f"请与证件逐位核对：{self.form_zh}",
                f"Compare it with the document character by character: {self.form_en}",
            ),
        )
