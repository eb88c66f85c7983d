"""The first administrator of a new installation; later ones are made by an administrator."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tongdian.service.identity.actions import create_user, grant_role, seed_organisations
from tongdian.service.identity.actors import SYSTEM, Role
from tongdian.service.identity.errors import IdentityError


class Command(BaseCommand):
    help = "建立系统管理员 / Make an administrator; the first password is printed once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="姓名 / display name")
        parser.add_argument("--organisation", default="GY-DSJ", help="单位编码 / organisation code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                seed_organisations()
                user, password = create_user(
                    username=options["username"],
                    display_name=options["name"],
                    organisation=options["organisation"],
                    actor=SYSTEM,
                )
                grant_role(user=user, role=Role.ADMINISTRATOR, actor=SYSTEM)
        except IdentityError as error:
            raise CommandError(f"{error.zh} {error.en}") from None
        self.stdout.write(f"{user.username} {password}")
