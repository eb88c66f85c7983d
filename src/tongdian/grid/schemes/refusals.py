"""A question about a supply that cannot be answered, and what to change."""

from typing import Any

from tongdian.problem import Problem


class SchemeError(Problem):
    """Input that is refused: a stable `code`, the `field` that is wrong, the rule, the remedy."""

    def __init__(
        self, code: str, field: str, rule: tuple[str, str], remedy: tuple[str, str]
    ) -> None:
        """`rule` and `remedy` in Chinese and in English."""
        super().__init__(
            f"{field}：{rule[0]}", f"{field}: {rule[1]}", remedy_zh=remedy[0], remedy_en=remedy[1]
        )
        self.code, self.field = code, field

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {"code": self.code, "field": self.field, **super().to_dict()}
