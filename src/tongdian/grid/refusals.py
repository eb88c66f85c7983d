"""What is wrong with a network, so that a page, an interface and a terminal can all show it."""

from typing import Any

from tongdian.problem import Problem


class GridError(Problem):
    """Input that is refused: a stable `code`; `table`, `row` and `column` of the wrong value.

    Rows count from 1 as people count them; 0 where no single row is to blame.
    """

    def __init__(
        self,
        code: str,
        rule: tuple[str, str],
        remedy: tuple[str, str],
        *,
        table: str = "",
        row: int = 0,
        column: str = "",
    ) -> None:
        """`rule` and `remedy` in Chinese and in English, without the place."""
        where_zh, where_en = _place(table, row, column)
        super().__init__(
            where_zh + rule[0], where_en + rule[1], remedy_zh=remedy[0], remedy_en=remedy[1]
        )
        self.code, self.table, self.row, self.column = code, table, row, column

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        place = {"table": self.table, "row": self.row, "column": self.column}
        return {"code": self.code, **place, **super().to_dict()}


def _place(table: str, row: int, column: str) -> tuple[str, str]:
    zh = table + (f" 第 {row} 行" if row else "") + (f" {column}" if column else "")
    en = table + (f" row {row}" if row else "") + (f" {column}" if column else "")
    zh, en = zh.strip(), en.strip()
    return (f"{zh}：" if zh else ""), (f"{en}: " if en else "")
