"""Pictures from a file of poses: held to the schema, then to what a body can do and an eye can see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from clinic import packs
from clinic.figure.drawing import Frame, Picture, read_picture
from clinic.figure.muscles import muscle_shapes
from clinic.figure.pose import pose_faults
from clinic.figure.props import LINES
from clinic.figure.skeleton import build, followed_faults

SCHEMA = Path(__file__).resolve().parent / "poses.schema.json"


def read_pictures(path: Path) -> tuple[dict[str, Picture], dict[str, bool]]:
    """The pictures of a file by key, and which of them show one side. Raises PackError, a line for each fault."""
    poses: Mapping[str, Any] = packs.read(path, SCHEMA)["poses"]
    packs.require_none(f"{path.name}: {key}: {line}" for key, raw in poses.items() for line in raw_faults(raw))
    pictures = {key: read_picture(raw) for key, raw in poses.items()}
    packs.require_none(f"{path.name}: {key}: {line}" for key, drawn in pictures.items() for line in drawn_faults(drawn))
    return pictures, {key: raw["sided"] for key, raw in poses.items()}


def raw_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    """Angles that no body reaches, props without what they need."""
    for number, frame in enumerate(raw["frames"], 1):
        yield from (f"frame {number}: {line}" for line in pose_faults(frame))
    for prop in [*raw.get("props", []), *(prop for frame in raw["frames"] for prop in frame.get("props", []))]:
        needs = ("through",) if prop["prop"] in LINES else ("from", "to")
        yield from (f"{prop['prop']}: {name} is missing" for name in needs if name not in prop)


def drawn_faults(picture: Picture) -> Iterator[str]:
    """What only shows when the body is built: reaches that fall short, joints that come out wrong, hidden muscles."""
    for number, frame in enumerate(picture.frames, 1):
        yield from (f"frame {number}: {line}" for line in followed_faults(build(frame.pose)))
        yield from (f"frame {number}: {line}" for line in hidden_muscles(frame, picture))


def hidden_muscles(frame: Frame, picture: Picture) -> Iterator[str]:
    body = build(frame.pose)
    for muscle in frame.muscles:
        if not muscle_shapes(muscle, body, picture.eye):
            yield f"the {muscle.face} of the {muscle.on} is not seen from here"
