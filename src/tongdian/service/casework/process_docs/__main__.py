"""`python -m tongdian.service.casework.process_docs FOLDER` documents every process there."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from tongdian.law.plan import load_plan
from tongdian.service.casework.process_docs.bpmn import bpmn
from tongdian.service.casework.process_docs.flows import parts_of
from tongdian.service.casework.process_docs.picture import svg
from tongdian.service.casework.process_docs.words import Names, markdown


def documents() -> Iterator[tuple[str, str]]:
    """File names with texts, for every process that an installed app declares. Needs Django."""
    from tongdian.service.casework.processes import definitions

    tracks = {track.id: (track.zh, track.en) for track in load_plan().tracks.values()}
    for definition in definitions():
        for process in parts_of(definition.process):
            name = f"process-{process.id}"
            yield f"{name}.md", markdown(process, tracks, _roles())
            yield f"{name}.svg", svg(process, list(tracks))
            yield f"{name}.bpmn", bpmn(process, list(tracks))


def _roles() -> Names:
    from django.utils.translation import override

    from tongdian.service.identity.words import ROLE_NAMES, role_name

    def name(role: str, language: str) -> str:
        with override(language):
            return role_name(role)

    return {role: (name(role, "zh-hans"), name(role, "en")) for role in ROLE_NAMES}


def main(arguments: list[str]) -> int:
    """Write all into the folder named; 2 when none is named or there is none such."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m tongdian.service.casework.process_docs FOLDER", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongdian.service.settings")
    # No page is signed here: nothing is to be made in a data folder.
    os.environ.setdefault("TONGDIAN_SECRET_KEY", "documents only")
    import django

    django.setup()
    for name, text in documents():
        (Path(arguments[0]) / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
