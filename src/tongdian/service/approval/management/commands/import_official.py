"""`tongdian manage import_official FILE`: statuses of items, in the standard's table."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tongdian.service.approval.official_import import read_table, rejected_rows, take_rows
from tongdian.service.casework.errors import InvalidInput


class Command(BaseCommand):
    help = "导入部门的办理状态（CSV、JSON） Take in the statuses of a department's file"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        is_json = path.suffix.lower() == ".json"
        try:
            rows = read_table(path.read_bytes().decode("utf-8-sig"), is_json=is_json)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: {error}") from None
        except InvalidInput as error:
            raise CommandError("; ".join(str(one.to_dict()) for one in error.errors)) from None
        taken = take_rows(rows)
        self.stdout.write(
            f"已办理 {len(taken.done)}，无变化 {taken.unchanged}，退回 {len(taken.rejected)} / "
            f"done {len(taken.done)}, unchanged {taken.unchanged}, refused {len(taken.rejected)}"
        )
        if taken.rejected:
            raise CommandError(self._return(path, list(rejected_rows(taken))))

    def _return(self, path: Path, rows: list[dict[str, Any]]) -> str:
        """Write the refused rows beside the file; says where, and what is wrong with the first."""
        beside = path.with_name(f"{path.stem}.refused.json")
        beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")
        first = rows[0]
        error = first["errors"][0]
        return (
            f"第 {first['row']} 行 / row {first['row']}: {error['field']}: {error['rule']}. "
            f"{error['remedy']}. 退回的行在 / refused rows are in {beside}"
        )
