"""`tongdian manage …`: Django's own commands, as the owner of the database."""

import sys


def run(arguments: list[str]) -> int:
    from tongdian.service.serving import with_database

    with with_database() as database:
        database.become_owner()
        from django.core.management import execute_from_command_line

        sys.argv[0] = "tongdian manage"
        execute_from_command_line(["tongdian manage", *arguments])
    return 0
