"""`tongdian manage export_official FOLDER`: joint cases in the tables of the national standard."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tongdian.service.approval.official import tables
from tongdian.service.approval.official_import import to_csv
from tongdian.service.casework.models import Case, CaseBranch


class Command(BaseCommand):
    help = "按国家数据标准导出并联审批事项 Export permit items in the tables of the standard"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--case", action="append", default=[], help="只导出这些办件 only these")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        cases = Case.objects.filter(pk__in=CaseBranch.objects.values("case")).order_by("number")
        if options["case"]:
            cases = cases.filter(number__in=options["case"])
            missing = set(options["case"]) - set(cases.values_list("number", flat=True))
            if missing:
                raise CommandError(f"没有审批事项 / no permit items: {', '.join(sorted(missing))}")
        found = tables(cases.iterator(chunk_size=200))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if options["format"] == "json":
                text = json.dumps(found, ensure_ascii=False, indent=1)
                (folder / "spgl.json").write_text(text + "\n", "utf-8")
            else:
                for table, rows in found.items():
                    # With a mark of its encoding, which spreadsheets need.
                    path = folder / f"{table}.csv"
                    path.write_text(to_csv(table, rows), "utf-8-sig", newline="")
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}") from None
        for table, rows in found.items():
            self.stdout.write(f"{table}: {len(rows)} 行 / rows")
