"""The figure: joint angles go where clinicians expect, a mirror image is exact, bad data is refused in plain words."""

import json
import re
from xml.etree import ElementTree

import pytest

from clinic.figure.drawing import read_picture, svg
from clinic.figure.outline import hull
from clinic.figure.pose import pose_faults, read_pose
from clinic.figure.proportions import SHIN, THIGH
from clinic.figure.reading import read_pictures
from clinic.figure.shapes import HEIGHT, WIDTH
from clinic.figure.skeleton import build, followed_faults
from clinic.figure.space import Vec
from clinic.packs import PackError

STAND = {"view": "side", "sided": True, "frames": [{"left_leg": {"hip_flexion": 30}}]}
EVERYTHING = {
    "view": "front",
    "sided": True,
    "frames": [{"head": {"turn": 20}}, {"left_leg": {"hip_abduction": 30}, "left_arm": {"reach": "left thigh"}}],
    "muscles": [{"on": "left thigh", "face": "front", "does": "works"}, {"on": "left foot", "face": "sole"}],
    "props": [
        {"prop": "chair", "from": [-0.6, -0.15, 0], "to": [-0.3, 0.15, 0.22], "backrest": "backward"},
        {"prop": "wall", "from": [-0.7, -0.5, 0], "to": [-0.69, 0.5, 1]},
        {"prop": "strap", "through": ["left hand", [0, 0, 0.5], "left ball"], "in_front": True},
    ],
    "arrows": [{"at": "left ankle", "way": [0, 0.1, 0], "bulge": 0.2}, {"at": [0, 0, 1], "way": [0, 0, 0.1]}],
}


def absolute(path):
    """All points of path data, handles too, in whole units of the picture."""
    points, here, start = [], (0, 0), (0, 0)
    for command, rest in re.findall(r"([MlcszZ])([^MlcszZ]*)", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", rest)]
        pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
        if command == "M":
            here = start = pairs[0]
            points.append(here)
        elif command == "z":
            here = start
        else:
            placed = [(here[0] + x, here[1] + y) for x, y in pairs]
            points += placed
            here = placed[-1]
    return points


def shapes(text):
    """(tag, class, points) of everything drawn, in order."""
    root = ElementTree.fromstring(text)
    found = []
    for node in root.iter():
        tag = node.tag.rpartition("}")[2]
        if tag == "path":
            found.append((tag, node.get("class"), absolute(node.get("d"))))
        elif tag in ("circle", "text"):
            names = ("cx", "cy") if tag == "circle" else ("x", "y")
            found.append((tag, node.get("class"), [tuple(int(node.get(name)) for name in names)]))
    return found


def seen_from(frame, name, base):
    body = build(read_pose(frame))
    return body.points[name].minus(body.points[base])


@pytest.mark.parametrize(
    ("frame", "name", "base", "expected"),
    [
        ({}, "left knee", "left hip", (0, 0, -THIGH)),
        ({"left_leg": {"hip_flexion": 90}}, "left knee", "left hip", (THIGH, 0, 0)),
        ({"right_leg": {"hip_flexion": 90}}, "right knee", "right hip", (THIGH, 0, 0)),
        ({"left_leg": {"hip_abduction": 90}}, "left knee", "left hip", (0, THIGH, 0)),
        ({"right_leg": {"hip_abduction": 90}}, "right knee", "right hip", (0, -THIGH, 0)),
        ({"left_leg": {"knee_flexion": 90}}, "left ankle", "left knee", (-SHIN, 0, 0)),
        ({"left_leg": {"hip_flexion": 90, "knee_flexion": 90}}, "left ankle", "left knee", (0, 0, -SHIN)),
        # outward rotation of a bent hip brings the foot towards the other leg
        (
            {"left_leg": {"hip_flexion": 90, "knee_flexion": 90, "hip_rotation": 90}},
            "left ankle",
            "left knee",
            (0, -SHIN, 0),
        ),
        (
            {"right_leg": {"hip_flexion": 90, "knee_flexion": 90, "hip_rotation": 90}},
            "right ankle",
            "right knee",
            (0, SHIN, 0),
        ),
        ({"lies": "supine"}, "left knee", "left hip", (THIGH, 0, 0)),
        ({"lies": "supine", "left_leg": {"hip_flexion": 90}}, "left knee", "left hip", (0, 0, THIGH)),
        ({"lies": "prone", "left_leg": {"knee_flexion": 90}}, "left ankle", "left knee", (0, 0, SHIN)),
        ({"lies": "on_right_side", "left_leg": {"hip_abduction": 90}}, "left knee", "left hip", (0, 0, THIGH)),
        ({"body": {"lean": 90}, "left_leg": {"hip_flexion": 90}}, "left knee", "left hip", (0, 0, -THIGH)),
    ],
)
def test_joint_angles_go_where_a_clinician_expects(frame, name, base, expected):
    assert seen_from(frame, name, base) == pytest.approx(Vec(*expected), abs=1e-9)


@pytest.mark.parametrize(
    ("angle", "toe_is_higher"), [({"dorsiflexion": 20}, True), ({"dorsiflexion": -20}, False), ({"toes_up": 40}, True)]
)
def test_ankle_and_toes(angle, toe_is_higher):
    gap = seen_from({"left_leg": angle}, "left toe", "left ball")
    assert (gap.z > 0.001) is toe_is_higher


@pytest.mark.parametrize(
    "frame",
    [{}, {"lies": "supine"}, {"lies": "prone"}, {"lies": "on_left_side"}, {"left_leg": {"hip_flexion": 70}}],
    ids=str,
)
def test_a_body_rests_on_the_floor(frame):
    assert build(read_pose(frame)).lowest() == pytest.approx(0, abs=1e-9)


def test_a_hand_reaches_and_a_sole_stands_where_they_are_told():
    frame = {
        "left_arm": {"reach": "left hip", "aside": [0.1, 0.05, 0.1]},
        "right_leg": {"reach": [0.2, -0.05, 0.1], "flat": True},
    }
    body = build(read_pose(frame))
    assert body.points["left hand"].minus(body.points["left hip"]) == pytest.approx(Vec(0.1, 0.05, 0.1), abs=1e-6)
    assert body.points["right sole"] == pytest.approx(Vec(0.2, -0.05, 0.1), abs=1e-6)
    assert body.points["right ball"].z == pytest.approx(0.1)
    assert list(followed_faults(body)) == []


def test_places_said_of_both_are_mirrored():
    body = build(read_pose({"both_arms": {"reach": [0.2, 0.1, 0.7]}}))
    assert body.points["left hand"] == pytest.approx(Vec(0.2, 0.1, 0.7))
    assert body.points["right hand"] == pytest.approx(Vec(0.2, -0.1, 0.7))


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"left_arm": {"reach": [2, 0, 1]}}, ["left_arm: falls 163 % of body height short of its reach"]),
        ({"left_leg": {"hip_flexion": 45, "flat": True}}, []),
        (
            {"left_leg": {"hip_flexion": 60, "knee_flexion": 120, "flat": True}},
            ["left_leg.dorsiflexion: comes out as 60 deg; a body does -60 to 40"],
        ),
    ],
)
def test_what_follows_from_a_reach_is_held_to_the_body_too(frame, said):
    assert list(followed_faults(build(read_pose(frame)))) == said


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"left_leg": {"knee_flexion": 160}}, []),
        ({"left_leg": {"knee_flexion": 161}}, ["left_leg.knee_flexion: 161 deg; a body does -5 to 160"]),
        ({"both_legs": {"hip_flexion": -36}}, ["both_legs.hip_flexion: -36 deg; a body does -35 to 145"]),
        ({"head": {"turn": 91}, "trunk": {"flexion": 95}}, 2),
    ],
)
def test_angles_beyond_a_body_are_named(frame, expected):
    faults = list(pose_faults(frame))
    assert faults == expected or len(faults) == expected


@pytest.mark.parametrize("raw", [STAND, EVERYTHING, EVERYTHING | {"layout": "ghost"}], ids=["one", "beside", "ghost"])
def test_the_right_side_is_the_exact_mirror_image_of_the_left(raw):
    picture = read_picture(raw)
    left, right = shapes(svg(picture, "left")), shapes(svg(picture, "right"))
    assert len(left) == len(right) > 20
    for (tag, name, points), (other_tag, other_name, mirrored) in zip(left, right, strict=True):
        assert (tag, name.replace("left", "right")) == (other_tag, other_name)
        assert [(WIDTH - x, y) for x, y in points] == mirrored


def test_letters_are_written_the_right_way_round_and_only_with_a_side():
    picture = read_picture(STAND)
    letters = {side: re.findall(r"<text[^>]*>(.)</text>", svg(picture, side)) for side in ("left", "right", "")}
    assert letters == {"left": ["L"], "right": ["R"], "": []}


def test_two_moments_are_numbered_unless_one_is_a_ghost():
    assert re.findall(r">(\d)</text>", svg(read_picture(EVERYTHING))) == ["1", "2"]
    ghost = svg(read_picture(EVERYTHING | {"layout": "ghost"}))
    assert re.findall(r">(\d)</text>", ghost) == []
    assert 0 < ghost[: ghost.index("</g>")].count("b-near") < ghost.count("b-near") / 2  # only what moves


@pytest.mark.parametrize("raw", [STAND, EVERYTHING, EVERYTHING | {"layout": "above_each_other"}])
def test_everything_stays_on_the_sheet(raw):
    for _, _, points in shapes(svg(read_picture(raw), "left")):
        assert all(-1 <= x <= WIDTH + 1 and -1 <= y <= HEIGHT + 1 for x, y in points)


def test_a_close_up_lets_the_rest_run_off_the_sheet():
    near = svg(read_picture(STAND | {"close_up": {"at": "left ankle", "size": 0.4}}))
    assert any(y < 0 for _, _, points in shapes(near) for _, y in points)


def test_it_is_sound_svg_without_style_and_says_what_it_shows():
    text = svg(read_picture(EVERYTHING), "left", "A <b>", "B & C")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert [child.text for child in list(root)[:2]] == ["A <b>", "B & C"]
    assert not re.search(r"style|fill=|#[0-9a-f]{3}|on[a-z]+=", text)
    assert text == svg(read_picture(json.loads(json.dumps(EVERYTHING))), "left", "A <b>", "B & C")


def test_the_face_shows_where_it_looks():
    def hair(view):
        text = svg(read_picture({"view": view, "sided": False, "frames": [{}]}))
        return sum(len(points) for _, name, points in shapes(text) if name == "hair"), "crease" in text

    front, back = hair("front"), hair("back")
    assert front[1]
    assert not back[1]


def test_hull_leaves_out_what_lies_within():
    assert hull([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)]) == [(0, 0), (2, 0), (2, 2), (0, 2)]


BAD = [
    ({"view": "top"}, "bad.json: poses.one.view: 'top' is not one of"),
    ({"frames": []}, "bad.json: poses.one.frames: is empty"),
    ({"frames": [{"left_leg": {"knee": 90}}]}, "bad.json: poses.one.frames[0].left_leg: unknown key 'knee'; known:"),
    (
        {"frames": [{"left_leg": {"knee_flexion": 200}}]},
        "bad.json: one: frame 1: left_leg.knee_flexion: 200 deg; a body",
    ),
    ({"props": [{"prop": "strap"}]}, "bad.json: one: strap: through is missing"),
    ({"props": [{"prop": "mat", "from": [0, 0, 0]}]}, "bad.json: one: mat: to is missing"),
    ({"frames": [{"left_arm": {"reach": [3, 0, 0]}}]}, "bad.json: one: frame 1: left_arm: falls"),
    (
        {"view": "back", "turn_view": 12, "muscles": [{"on": "trunk", "face": "front", "wide": 20}]},
        "bad.json: one: frame 1: the front of the trunk is not seen from here",
    ),
]


@pytest.mark.parametrize(("change", "line"), BAD, ids=[line[:60] for _, line in BAD])
def test_bad_data_is_refused_with_a_clear_line(tmp_path, change, line):
    file = tmp_path / "bad.json"
    file.write_text(json.dumps({"poses": {"one": STAND | change}}))
    with pytest.raises(PackError) as caught:
        read_pictures(file)
    assert any(said.startswith(line) for said in caught.value.lines), caught.value.lines
