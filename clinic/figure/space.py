"""Points and frames in space: x forward, y to the person's left, z up; lengths in body heights, angles in degrees."""

from __future__ import annotations

from math import cos, radians, sin, sqrt
from typing import NamedTuple


class Vec(NamedTuple):
    """A point or a direction."""

    x: float
    y: float
    z: float

    def plus(self, other: Vec, times: float = 1.0) -> Vec:
        return Vec(self.x + times * other.x, self.y + times * other.y, self.z + times * other.z)

    def minus(self, other: Vec) -> Vec:
        return self.plus(other, -1.0)

    def times(self, factor: float) -> Vec:
        return Vec(self.x * factor, self.y * factor, self.z * factor)

    def dot(self, other: Vec) -> float:
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other: Vec) -> Vec:
        return Vec(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    @property
    def length(self) -> float:
        return sqrt(self.dot(self))

    def unit(self) -> Vec:
        return self.times(1 / (self.length or 1.0))

    def towards(self, other: Vec, share: float) -> Vec:
        return self.plus(other.minus(self), share)


UP = Vec(0, 0, 1)
DOWN = Vec(0, 0, -1)


class Frame(NamedTuple):
    """Where forward, left and up of a body segment point. Up is towards the head when standing upright."""

    forward: Vec
    left: Vec
    up: Vec

    def pitched(self, degrees: float) -> Frame:
        """Turned about the left axis: what is up goes forward."""
        c, s = cos(radians(degrees)), sin(radians(degrees))
        forward = self.forward.times(c).plus(self.up, -s)
        return Frame(forward, self.left, self.forward.times(s).plus(self.up, c))

    def rolled(self, degrees: float) -> Frame:
        """Turned about the forward axis: what is left goes up."""
        c, s = cos(radians(degrees)), sin(radians(degrees))
        left = self.left.times(c).plus(self.up, s)
        return Frame(self.forward, left, self.left.times(-s).plus(self.up, c))

    def turned(self, degrees: float) -> Frame:
        """Turned about the up axis: what is forward goes left."""
        c, s = cos(radians(degrees)), sin(radians(degrees))
        forward = self.forward.times(c).plus(self.left, s)
        return Frame(forward, self.forward.times(-s).plus(self.left, c), self.up)

    def at(self, forward: float, left: float, up: float) -> Vec:
        """The direction with these parts along the three axes."""
        return self.forward.times(forward).plus(self.left, left).plus(self.up, up)


WORLD = Frame(Vec(1, 0, 0), Vec(0, 1, 0), UP)


def frame_along(up: Vec, forward: Vec) -> Frame:
    """The frame with this up, whose forward is as near to the given one as it can be."""
    up = up.unit()
    ahead = forward.plus(up, -forward.dot(up))
    if ahead.length < 1e-6:
        ahead = Vec(up.z, up.x, up.y).plus(up, -Vec(up.z, up.x, up.y).dot(up))
    ahead = ahead.unit()
    return Frame(ahead, up.cross(ahead), up)


class Camera(NamedTuple):
    """Looks from far away. `right` and `up` span the picture, `near` points from the scene to the eye."""

    right: Vec
    up: Vec
    near: Vec

    def seen(self, point: Vec) -> tuple[float, float]:
        """Where a point stands in the picture, x to the right and y up."""
        return point.dot(self.right), point.dot(self.up)

    def in_space(self, x: float, y: float) -> Vec:
        """The direction in space of a direction in the picture."""
        return self.right.times(x).plus(self.up, y)


def camera(around: float, above: float) -> Camera:
    """`around`: 0 in front of the person, 90 at the left; `above`: 0 level with the person, 90 overhead."""
    a, b = radians(around), radians(above)
    near = Vec(cos(b) * cos(a), cos(b) * sin(a), sin(b))
    right = Vec(-sin(a), cos(a), 0)
    return Camera(right, near.cross(right), near)
