"""A pose in joint angles, read from data and held to what a body can do.

Angles are degrees in the neutral-zero method. Flexion, abduction, outward rotation, dorsiflexion are positive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SIDES = ("left", "right")

#: Lowest and highest angle of each joint in degrees: beyond what healthy bodies do, nothing is drawn. Own values (D):
#: the norms of the protocol with a generous margin.
LIMITS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "body": {"lean": (-100, 110), "tip": (-60, 60), "turn": (-180, 180)},
    "trunk": {"flexion": (-40, 90), "side_bend": (-45, 45), "rotation": (-60, 60)},
    "head": {"nod": (-60, 60), "turn": (-90, 90), "tilt": (-45, 45)},
    "leg": {
        "hip_flexion": (-35, 145),
        "hip_abduction": (-40, 80),
        "hip_rotation": (-60, 90),
        "knee_flexion": (-5, 160),
        "dorsiflexion": (-60, 40),
        "toes_up": (-30, 80),
    },
    "arm": {
        "shoulder_flexion": (-60, 180),
        "shoulder_abduction": (-40, 180),
        "shoulder_rotation": (-95, 95),
        "elbow_flexion": (-5, 155),
        "wrist_extension": (-80, 90),
    },
}
#: How a limb hangs that nothing is said of.
RELAXED: Mapping[str, Mapping[str, Any]] = {"leg": {}, "arm": {"shoulder_abduction": 7, "elbow_flexion": 8}}
Target = str | tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Limb:
    """The angles of an arm or a leg. `reach`: where its end goes instead, the angles then follow (hand or sole).

    `bend`: where elbow or knee points while reaching. `flat`: the sole stays level. `aside`: added to the target.
    `fingers`: where they point, in space.
    """

    angles: Mapping[str, float] = field(default_factory=dict)
    reach: Target | None = None
    aside: tuple[float, float, float] = (0.0, 0.0, 0.0)
    bend: tuple[float, float, float] | None = None
    flat: bool = False
    fingers: tuple[float, float, float] | None = None

    def angle(self, joint: str) -> float:
        return self.angles.get(joint, 0.0)


@dataclass(frozen=True, slots=True)
class Pose:
    """A whole body. `rest`: the landmark that rests at `height` (body heights above the floor); none: the lowest point.

    `ahead`, `left`: how far the pelvis stands from the middle.
    """

    lies: str = "upright"
    body: Mapping[str, float] = field(default_factory=dict)
    trunk: Mapping[str, float] = field(default_factory=dict)
    head: Mapping[str, float] = field(default_factory=dict)
    legs: Mapping[str, Limb] = field(default_factory=dict)
    arms: Mapping[str, Limb] = field(default_factory=dict)
    rest: str = ""
    height: float = 0.0
    ahead: float = 0.0
    left: float = 0.0


def read_pose(raw: Mapping[str, Any]) -> Pose:
    """A pose from checked data (`pose_faults` found nothing)."""
    place = raw.get("place", {})
    return Pose(
        lies=raw.get("lies", "upright"),
        body=raw.get("body", {}),
        trunk=raw.get("trunk", {}),
        head=raw.get("head", {}),
        legs={side: read_limb(limb_of(raw, side, "leg")) for side in SIDES},
        arms={side: read_limb(limb_of(raw, side, "arm")) for side in SIDES},
        rest=place.get("rest", ""),
        height=place.get("height", 0.0),
        ahead=place.get("ahead", 0.0),
        left=place.get("left", 0.0),
    )


def limb_of(raw: Mapping[str, Any], side: str, limb: str) -> Mapping[str, Any]:
    """What is said of both limbs, with what is said of this one on top. Places said of both are meant for the left."""
    both: Mapping[str, Any] = raw.get(f"both_{limb}s", {})
    if side == "right":
        both = {name: across(value) for name, value in both.items()}
    return {**RELAXED[limb], **both, **raw.get(f"{side}_{limb}", {})}


def across(value: Any) -> Any:
    """A place or direction on the other side of the body; everything else stays."""
    return [value[0], -value[1], value[2]] if isinstance(value, list) else value


def read_limb(raw: Mapping[str, Any]) -> Limb:
    reach = raw.get("reach")
    return Limb(
        angles={key: value for key, value in raw.items() if key in LIMITS["leg"] or key in LIMITS["arm"]},
        reach=reach if reach is None or isinstance(reach, str) else three(reach),
        aside=three(raw.get("aside", (0, 0, 0))),
        bend=three(raw["bend"]) if "bend" in raw else None,
        flat=bool(raw.get("flat")),
        fingers=three(raw["fingers"]) if "fingers" in raw else None,
    )


def three(raw: Any) -> tuple[float, float, float]:
    first, second, third = raw
    return float(first), float(second), float(third)


def pose_faults(raw: Mapping[str, Any]) -> Iterator[str]:
    """`part.joint: problem` for each angle that no body reaches. Unknown words are the schema's business."""
    for part, limits in parts_of(raw):
        for joint, (lowest, highest) in limits.items():
            angle = raw[part].get(joint, 0)
            if not lowest <= angle <= highest:
                yield f"{part}.{joint}: {angle:g} deg; a body does {lowest:g} to {highest:g}"


def parts_of(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, tuple[float, float]]]]:
    for part in raw:
        name = part.removeprefix("left_").removeprefix("right_").removeprefix("both_").removesuffix("s")
        if name in LIMITS:
            yield part, LIMITS[name]
