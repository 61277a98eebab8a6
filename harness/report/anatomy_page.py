"""The page on what costs what, with its pictures and its data, in a folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from harness.journal.files import replace
from harness.model.evidence import Evidence
from harness.report.anatomy import AnatomyPart, AnatomyScene, anatomy_part
from harness.report.bars import picture
from harness.report.document import environment

NAME = "anatomy.md"
DATA = "anatomy.json"


def write_anatomy(directory: Path, evidence: Iterable[Evidence]) -> Path | None:
    """Write the page, a picture of each scene, and the data; None if there is nothing."""
    part = anatomy_part(evidence)
    if part is None:
        return None
    directory.mkdir(parents=True, exist_ok=True)
    for scene in part.scenes:
        replace(directory / _picture_of(scene), _drawn(scene).encode())
    replace(directory / DATA, _data(part))
    scenes = [(scene, _picture_of(scene)) for scene in part.scenes]
    template = environment().get_template("anatomy.md.j2")
    text = template.render(part=part, scenes=scenes)
    replace(directory / NAME, text.encode())
    return directory / NAME


def _picture_of(scene: AnatomyScene) -> str:
    return f"anatomy-{scene.scenario.split('/')[1]}-{scene.backend}.svg"


def _drawn(scene: AnatomyScene) -> str:
    template = environment().get_template("bars.svg.j2")
    return template.render(picture=picture(scene))


def _data(part: AnatomyPart) -> bytes:
    """Return what was recorded of everybody, as JSON."""
    told = [
        {
            "scenario": scene.scenario,
            "backend": scene.backend,
            "candidates": {s.name: s.anatomy for s in scene.subjects},
            "notes": scene.notes,
        }
        for scene in part.scenes
    ]
    return msgspec.json.format(msgspec.json.encode(told), indent=1)
