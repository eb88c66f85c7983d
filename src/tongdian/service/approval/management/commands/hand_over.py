"""`tongdian manage hand_over`: what departments' systems have not taken; `--again` tries anew."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tongdian.service.approval.callbacks_handover import hand_over_due, retry_now
from tongdian.service.approval.models import HandOver


class Command(BaseCommand):
    help = "列出部门系统尚未接收的事项 List what departments' systems have not taken"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="重新转送 try again now")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            again = retry_now(HandOver.objects.all())
            tried = hand_over_due()
            self.stdout.write(f"重新转送 {again}，已试 {tried} / again {again}, tried {tried}")
        for row in HandOver.objects.exclude(state=HandOver.State.TAKEN).order_by("pk"):
            self.stdout.write(f"{row.department} {row} {row.state} ({row.attempts}) {row.error}")
