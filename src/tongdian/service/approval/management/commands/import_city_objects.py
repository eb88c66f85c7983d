"""`tongdian manage import_city_objects FILE`: the city's objects from GeoJSON, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tongdian.service.approval.route_objects import store_objects
from tongdian.works.objects_geojson import from_geojson
from tongdian.works.refusals import ObjectError


class Command(BaseCommand):
    help = (
        "导入城市道路、桥梁、绿地、林地和树木 Import roads, bridges, green land, forest and trees"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            objects = from_geojson(path.read_bytes())
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from None
        except ObjectError as error:
            raise CommandError(f"{error.rule_zh} / {error.rule_en}") from None
        store_objects(objects, source=path.name)
        self.stdout.write(f"已导入 {len(objects)} 个 / imported {len(objects)}")
