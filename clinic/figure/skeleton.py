"""From a pose to bones in space: forward along the joints, and back from where a hand or a sole has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import acos, degrees, sqrt

from clinic.figure.body import Body, Bone, Slice
from clinic.figure.pose import LIMITS, SIDES, Limb, Pose
from clinic.figure.proportions import (
    ANKLE_HEIGHT,
    FOOT,
    FOREARM,
    GRIP,
    HAND,
    HEAD_HALF,
    HEAD_UP,
    HEEL,
    HIP_HALF,
    NECK,
    SHAPES,
    SHIN,
    SHOULDER_HALF,
    SHOULDER_UP,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Station,
)
from clinic.figure.space import DOWN, UP, WORLD, Frame, Vec, frame_along

LOW, HIGH = 0.03, 0.2  # between them the spine bends

BASES: Mapping[str, Frame] = {
    "upright": WORLD,
    "supine": WORLD.pitched(-90),
    "prone": WORLD.pitched(90),
    "hands_and_knees": WORLD.pitched(90),
    "on_right_side": WORLD.rolled(90),
    "on_left_side": WORLD.rolled(-90),
}


def build(pose: Pose) -> Body:
    """The body of a pose, resting where the pose says; first what has angles, then what reaches for something."""
    body = Body()
    pelvis = BASES[pose.lies].turned(pose.body.get("turn", 0)).rolled(-pose.body.get("tip", 0))
    pelvis = pelvis.pitched(pose.body.get("lean", 0))
    chest = add_trunk(body, pose, pelvis)
    frames = {"leg": pelvis, "arm": chest}
    limbs = [
        (side, kind, limb) for kind, both in (("leg", pose.legs), ("arm", pose.arms)) for side, limb in both.items()
    ]
    for side, kind, limb in limbs:
        add_limb(body, side, kind, limb if limb.reach is None else Limb(), frames[kind])
    body = at_rest(body, pose, [f"{side} {kind}" for side, kind, limb in limbs if limb.reach is not None])
    for side, kind, limb in limbs:
        if limb.reach is not None:
            add_reaching(body, side, kind, limb, frames[kind])
    return body


def at_rest(body: Body, pose: Pose, reaching: list[str]) -> Body:
    """Put where it rests. Limbs that reach don't count: they follow later."""
    parts = {"leg": ("thigh", "shin", "foot", "heel", "toe"), "arm": ("upper_arm", "forearm", "hand")}
    loose = {f"{name.split()[0]} {part}" for name in reaching for part in parts[name.split()[1]]}
    bones = [bone for name, bone in body.bones.items() if name not in loose]
    lowest = min(piece.centre.z - piece.reach(DOWN) for bone in bones for piece in bone.slices)
    ends = [body.points[f"{side} {end}"].z for side in SIDES for end in ("heel", "toe") if f"{side} {end}" not in loose]
    bottom = body.points[pose.rest].z if pose.rest else min([lowest, *ends])
    return body.moved(Vec(pose.ahead, pose.left, pose.height - bottom))


def add_trunk(body: Body, pose: Pose, pelvis: Frame) -> Frame:
    """Pelvis, spine, neck and head. Returns the frame of the chest."""
    slices: list[Slice] = []
    at = pelvis.up.times(TRUNK[0][0])
    for height, front, back, side in TRUNK:
        frame = spine(pose, pelvis, (height - LOW) / (HIGH - LOW))
        at = at.plus(frame.up, height - slices_height(slices))
        slices.append(Slice(at, frame, front, back, side))
    chest = slices[-1].frame
    body.bones["trunk"] = Bone("trunk", slices[0].centre, slices[-1].centre, pelvis, tuple(slices))
    top = slices[-1].centre
    waist = slices[4]
    body.points |= {
        "pelvis": Vec(0, 0, 0),
        "seat": pelvis.at(-0.02, 0, -0.06),
        "tailbone": pelvis.at(-0.06, 0, -0.02),
        "neck": top,
        "waist": waist.centre,
        "belly": waist.centre.plus(waist.frame.forward, 0.052),
        "back": waist.centre.plus(waist.frame.forward, -0.046),
        "chest": slices[6].centre.plus(chest.forward, 0.06),
    }
    for sign, name in ((1, "left"), (-1, "right")):
        body.points[f"{name} hip"] = pelvis.left.times(sign * HIP_HALF)
        body.points[f"{name} pelvis"] = pelvis.at(0.055, sign * 0.075, 0.04)
        body.points[f"{name} iliac crest"] = pelvis.at(0, sign * 0.088, 0.068)
        body.points[f"{name} trochanter"] = pelvis.left.times(sign * 0.1)
        body.points[f"{name} ribs"] = pelvis.at(0, sign * 0.08, 0.17)
        body.points[f"{name} shoulder"] = top.plus(chest.at(0, sign * SHOULDER_HALF, SHOULDER_UP - TRUNK[-1][0]))
    add_head(body, pose, chest, top)
    return chest


def slices_height(slices: list[Slice]) -> float:
    return TRUNK[max(len(slices) - 1, 0)][0]


def spine(pose: Pose, pelvis: Frame, share: float) -> Frame:
    part = min(max(share, 0.0), 1.0)
    bent = pelvis.pitched(part * pose.trunk.get("flexion", 0)).rolled(-part * pose.trunk.get("side_bend", 0))
    return bent.turned(part * pose.trunk.get("rotation", 0))


def add_head(body: Body, pose: Pose, chest: Frame, neck: Vec) -> None:
    nod, turn, tilt = (pose.head.get(name, 0) for name in ("nod", "turn", "tilt"))
    bent = chest.pitched(nod * 0.6).rolled(-tilt * 0.6)
    skull = chest.pitched(nod).rolled(-tilt).turned(turn)
    middle = neck.plus(bent.at(0.012, 0, HEAD_UP - TRUNK[-1][0]))
    start, end = neck.plus(bent.up, -0.012), neck.plus(bent.up, 0.05)
    body.bones["neck"] = bone("neck", start, end, bent, NECK)
    body.bones["head"] = Bone("head", middle, middle, skull, (Slice(middle, skull, 0.055, 0.062, 0.048),))
    body.points |= {
        "head": middle,
        "crown": middle.plus(skull.up, HEAD_HALF),
        "chin": middle.plus(skull.at(0.035, 0, -0.06)),
    }


def bone(name: str, start: Vec, end: Vec, frame: Frame, shape: tuple[Station, ...]) -> Bone:
    slices = tuple(Slice(start.towards(end, share), frame, front, back, side) for share, front, back, side in shape)
    return Bone(name, start, end, frame, slices)


def add_limb(body: Body, side: str, kind: str, limb: Limb, trunk: Frame) -> None:
    """A limb by its angles."""
    out = 1 if side == "left" else -1
    first, second, hinge = ("hip", "knee", -1) if kind == "leg" else ("shoulder", "elbow", 1)
    upper = trunk.pitched(-limb.angle(f"{first}_flexion")).rolled(out * limb.angle(f"{first}_abduction"))
    upper = upper.turned(out * limb.angle(f"{first}_rotation"))
    lower = upper.pitched(-hinge * limb.angle(f"{second}_flexion"))
    start = body.points[f"{side} {first}"]
    lengths = (THIGH, SHIN) if kind == "leg" else (UPPER_ARM, FOREARM)
    middle = start.plus(upper.up, -lengths[0])
    set_limb(body, side, kind, limb, (start, middle, middle.plus(lower.up, -lengths[1])), (upper, lower))


def add_reaching(body: Body, side: str, kind: str, limb: Limb, trunk: Frame) -> None:
    """A limb whose hand or sole has its place: two bones and the way the joint between them points."""
    start = body.points[f"{side} {'hip' if kind == 'leg' else 'shoulder'}"]
    grip = 0.0 if limb.fingers or limb.angle("wrist_extension") else GRIP
    first, second = (THIGH, SHIN) if kind == "leg" else (UPPER_ARM, FOREARM + grip)
    target = (body.points[limb.reach] if isinstance(limb.reach, str) else Vec(*(limb.reach or (0, 0, 0)))).plus(
        Vec(*limb.aside)
    )
    target = target.plus(UP, ANKLE_HEIGHT) if kind == "leg" else target
    way = limb.bend or ((1, 0, 0) if kind == "leg" else (-0.6, 0.5 if side == "left" else -0.5, -0.6))
    bend = trunk.at(*way)
    middle, end = two_bones(start, target, first, second, bend)
    body.missed[f"{side}_{kind}"] = end.minus(target).length
    ahead = bend if kind == "leg" else bend.times(-1)
    upper = frame_along(start.minus(middle), ahead)
    lower_up = middle.minus(end).unit()
    lower = frame_along(lower_up, upper.left.cross(lower_up))
    if kind == "arm":
        end = middle.towards(end, FOREARM / second)
    set_limb(body, side, kind, limb, (start, middle, end), (upper, lower))
    joint = "knee_flexion" if kind == "leg" else "elbow_flexion"
    body.followed[f"{side}_{kind}.{joint}"] = between(upper.up, lower.up)


def two_bones(start: Vec, target: Vec, first: float, second: float, bend: Vec) -> tuple[Vec, Vec]:
    """Where the joint between two bones and their end come to lie; the end stops short of what is too far."""
    way = target.minus(start)
    far = min(max(way.length, abs(first - second) + 1e-4), first + second - 1e-4)
    along = way.unit()
    ahead = (first * first - second * second + far * far) / (2 * far)
    across = frame_along(along, bend).forward
    middle = start.plus(along, ahead).plus(across, sqrt(max(first * first - ahead * ahead, 0.0)))
    return middle, start.plus(along, far)


def between(one: Vec, other: Vec) -> float:
    return degrees(acos(min(max(one.dot(other), -1.0), 1.0)))


def set_limb(
    body: Body, side: str, kind: str, limb: Limb, joints: tuple[Vec, Vec, Vec], frames: tuple[Frame, Frame]
) -> None:
    start, middle, end = joints
    names = ("thigh", "shin", "knee", "ankle") if kind == "leg" else ("upper_arm", "forearm", "elbow", "wrist")
    for name, first, last, frame in ((names[0], start, middle, frames[0]), (names[1], middle, end, frames[1])):
        body.bones[f"{side} {name}"] = bone(f"{side} {name}", first, last, frame, SHAPES[name])
        body.points[f"{side} {name}"] = first.towards(last, 0.5)
    body.points |= {f"{side} {names[2]}": middle, f"{side} {names[3]}": end}
    if kind == "leg":
        out = 0.034 if side == "left" else -0.034
        body.points[f"{side} kneecap"] = middle.plus(frames[0].forward, 0.03)
        body.points[f"{side} outer knee"] = middle.plus(frames[0].left, out)
    (add_foot if kind == "leg" else add_hand)(body, side, limb, end, frames[1])


def add_foot(body: Body, side: str, limb: Limb, ankle: Vec, shin: Frame) -> None:
    """Heel, ball and toes; the sole level where the pose says so."""
    foot = frame_along(UP, shin.forward) if limb.flat else shin.pitched(-limb.angle("dorsiflexion"))
    if limb.flat:
        body.followed[f"{side}_leg.dorsiflexion"] = 90 - between(foot.forward, shin.up)
    toes = foot.pitched(-limb.angle("toes_up"))
    sole = ankle.plus(foot.up, -ANKLE_HEIGHT)
    ball = sole.plus(foot.forward, FOOT * 0.7 - HEEL)
    out = 0.021 if side == "left" else -0.021
    places = {
        "heel": sole.plus(foot.forward, -HEEL),
        "sole": sole,
        "ball": ball,
        "toe": ball.plus(toes.forward, FOOT * 0.3),
        "instep": ankle.plus(foot.forward, 0.05),
        "outer ankle": ankle.plus(foot.left, out),
        "inner ankle": ankle.plus(foot.left, -out),
    }
    body.points |= {f"{side} {name}": place for name, place in places.items()}
    body.bones[f"{side} foot"] = Bone(f"{side} foot", ankle, ball, foot, ())
    body.bones[f"{side} toes"] = Bone(f"{side} toes", ball, body.points[f"{side} toe"], toes, ())


def add_hand(body: Body, side: str, limb: Limb, wrist: Vec, forearm: Frame) -> None:
    frame = forearm.pitched(limb.angle("wrist_extension"))
    if limb.fingers:
        frame = frame_along(Vec(*limb.fingers).times(-1), forearm.up)
    tip = wrist.plus(frame.up, -HAND)
    body.bones[f"{side} hand"] = bone(f"{side} hand", wrist, tip, frame, SHAPES["hand"])
    body.points |= {f"{side} hand": wrist.plus(frame.up, -GRIP), f"{side} fingertips": tip}


def followed_faults(body: Body) -> Iterator[str]:
    """Angles that followed from a reach or a level sole and that no body has; hands and soles that fall short."""
    for name, angle in body.followed.items():
        kind, joint = name.split("_", 1)[1].split(".")
        lowest, highest = LIMITS[kind][joint]
        if not lowest <= angle <= highest:
            yield f"{name}: comes out as {angle:.0f} deg; a body does {lowest:g} to {highest:g}"
    yield from (
        f"{name}: falls {gap * 100:.0f} % of body height short of its reach"
        for name, gap in body.missed.items()
        if gap > 0.015
    )
