"""What is wrong with a drawing, in a form that a page, an interface and a terminal can all show."""

from typing import Any

from tongdian.problem import Problem


class WorksError(Problem):
    """Input that is refused: a stable `code`, the `field` that is wrong, the rule, the remedy."""

    def __init__(
        self, code: str, field: str, rule: tuple[str, str], remedy: tuple[str, str]
    ) -> None:
        """`rule` and `remedy` in Chinese and in English."""
        super().__init__(rule[0], rule[1], remedy_zh=remedy[0], remedy_en=remedy[1])
        self.code, self.field = code, field
        self.rule_zh, self.rule_en = rule

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "code": self.code,
            "field": self.field,
            "rule_zh": self.rule_zh,
            "rule_en": self.rule_en,
            "remedy_zh": self.remedy_zh,
            "remedy_en": self.remedy_en,
        }


class RouteError(WorksError):
    """A route that is refused."""


class ObjectError(WorksError):
    """A city object, or a file of them, that is refused. `index` counts features from 0."""

    def __init__(
        self,
        code: str,
        field: str,
        rule: tuple[str, str],
        remedy: tuple[str, str],
        index: int | None = None,
    ) -> None:
        self.index = index
        if index is not None:
            where = f"第 {index + 1} 个要素：", f"feature {index + 1}: "
            rule = where[0] + rule[0], where[1] + rule[1]
        super().__init__(code, field, rule, remedy)

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return {**super().to_dict(), "index": self.index}
