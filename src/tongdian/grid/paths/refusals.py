"""What is wrong with a street graph or a question about it, for people and programs alike."""

from typing import Any

from tongdian.problem import Problem


class PathError(Problem):
    """Input that is refused: a stable `code`, the `field` that is wrong, the rule, the remedy.

    `row` counts from 0; None where no single row is to blame.
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
        if row is not None:
            rule = f"{field} 第 {row} 行：{rule[0]}", f"{field} row {row}: {rule[1]}"
        super().__init__(rule[0], rule[1], remedy_zh=remedy[0], remedy_en=remedy[1])
        self.code, self.field, self.row = code, field, row

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"code": self.code, "field": self.field, "row": self.row, **super().to_dict()}
