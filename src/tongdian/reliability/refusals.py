"""Input that is refused, in a form that a page, an interface and a terminal can all show."""

from typing import Any

from tongdian.problem import Problem


class ReliabilityError(Problem):
    """A table or file that is refused: a stable `code`, the `field` that is wrong, rule, remedy.

    `row` is the line of the file, its heading being line 1, where the file has lines.
    """

    def __init__(
        self,
        code: str,
        field: str,
        rule: tuple[str, str],
        remedy: tuple[str, str],
        row: int | None = None,
    ) -> None:
        """`rule` and `remedy` in Chinese and in English."""
        zh, en = rule
        if row is not None:
            zh, en = f"第 {row} 行：{zh}", f"row {row}: {en}"
        super().__init__(f"{field} {zh}", f"{field}: {en}", remedy_zh=remedy[0],
                         remedy_en=remedy[1])  # fmt: skip
        self.code, self.field, self.row = code, field, row
        self.rule_zh, self.rule_en = rule

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            **super().to_dict(),
            "code": self.code,
            "field": self.field,
            "row": self.row,
            "rule_zh": self.rule_zh,
            "rule_en": self.rule_en,
        }
