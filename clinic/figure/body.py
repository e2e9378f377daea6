"""The body in space: bones with their cross-sections, and named places on them."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt

from clinic.figure.pose import SIDES
from clinic.figure.space import DOWN, Frame, Vec


@dataclass(frozen=True, slots=True)
class Slice:
    """A cross-section of the body: an ellipse whose front half may be deeper than its back half."""

    centre: Vec
    frame: Frame
    front: float
    back: float
    side: float

    def reach(self, direction: Vec) -> float:
        """How far the surface goes from the centre in a direction."""
        ahead = direction.dot(self.frame.forward)
        deep = ahead * (self.front if ahead > 0 else self.back)
        wide = direction.dot(self.frame.left) * self.side
        return sqrt(deep * deep + wide * wide)


@dataclass(frozen=True, slots=True)
class Bone:
    """A stretch of the body between two joints; `frame.up` points from the end to the start of a limb's bone."""

    name: str
    start: Vec
    end: Vec
    frame: Frame
    slices: tuple[Slice, ...]

    def at(self, share: float) -> Vec:
        return self.start.towards(self.end, share)


@dataclass(slots=True)
class Body:
    """Bones and landmarks by name ("left thigh", "left heel"), and the angles that followed from a reach."""

    bones: dict[str, Bone] = field(default_factory=dict)
    points: dict[str, Vec] = field(default_factory=dict)
    followed: dict[str, float] = field(default_factory=dict)
    missed: dict[str, float] = field(default_factory=dict)

    def moved(self, by: Vec) -> Body:
        bones = {name: moved_bone(bone, by) for name, bone in self.bones.items()}
        points = {name: point.plus(by) for name, point in self.points.items()}
        return Body(bones, points, dict(self.followed), dict(self.missed))

    def lowest(self) -> float:
        surface = (piece.centre.z - piece.reach(DOWN) for bone in self.bones.values() for piece in bone.slices)
        return min(*surface, *(self.points[f"{side} {end}"].z for side in SIDES for end in ("heel", "toe")))


def moved_bone(bone: Bone, by: Vec) -> Bone:
    slices = tuple(Slice(s.centre.plus(by), s.frame, s.front, s.back, s.side) for s in bone.slices)
    return Bone(bone.name, bone.start.plus(by), bone.end.plus(by), bone.frame, slices)
