"""How each exercise is drawn: treatments/library/poses.json, one picture for every exercise of the library."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from clinic.figure.drawing import Picture
from clinic.figure.reading import read_pictures
from clinic.packs import require_none
from treatments.planning.library import LIBRARY, LIBRARY_FOLDER
from treatments.planning.records import Exercise

POSES = LIBRARY_FOLDER / "poses.json"


def read_poses(path: Path = POSES, exercises: Mapping[str, Exercise] = LIBRARY) -> Mapping[str, Picture]:
    """The picture of each exercise. Raises PackError with a line for everything that is wrong."""
    pictures, sided = read_pictures(path)
    require_none(f"{path.name}: {line}" for line in mismatches(sided, exercises))
    return MappingProxyType(pictures)


def mismatches(sided: Mapping[str, bool], exercises: Mapping[str, Exercise]) -> Iterator[str]:
    """Exercises without a picture, pictures without an exercise, and pictures of a side where there is none."""
    yield from (f"{key}: the exercise has no picture" for key in exercises if key not in sided)
    for key, shows_side in sided.items():
        if key not in exercises:
            yield f"{key}: no such exercise"
        elif shows_side != exercises[key].sided:
            yield f"{key}: sided is {str(shows_side).lower()} here and the opposite in the library"


PICTURES = read_poses()
