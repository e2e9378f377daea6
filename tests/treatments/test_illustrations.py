"""Every exercise has a drawing that stands on its ground, fits, and says in words what it shows."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.utils.translation import override

from clinic.figure.skeleton import build
from clinic.figure.space import DOWN, Vec
from clinic.packs import PackError
from treatments.planning import LIBRARY
from treatments.planning.poses import PICTURES, POSES, read_poses
from treatments.templatetags.illustrations import POSITIONS

KEYS = sorted(LIBRARY)
FRAMES = [(key, number) for key in KEYS for number in range(len(PICTURES[key].frames))]
LARGEST_FILE = 8 * 1024


def illustration(key, side="", small=False):
    source = "{% load illustrations %}{% illustration key side small=small %}"
    return Template(source).render(Context({"key": key, "side": side, "small": small}))


def words(text):
    root = ElementTree.fromstring(text)
    return [
        root.find(f"{{*}}{name}").text if root.find(f"{{*}}{name}") is not None else "" for name in ("title", "desc")
    ]


def ground(props, point):
    """How high the highest thing under a point is: the floor, a step, a seat."""
    tops = [0.0]
    for prop in props:
        low, high = prop.start, prop.stop
        solid = prop.name not in ("wall", "strap", "tape", "rail")
        if solid and low.x - 0.02 <= point.x <= high.x + 0.02 and low.y - 0.02 <= point.y <= high.y + 0.02:
            tops.append(high.z)
    return max(top for top in tops if top <= point.z + 0.03 or top == 0)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("side", ["left", "right", ""])
def test_every_exercise_is_drawn_within_the_size_limit(key, side):
    text = illustration(key, side)
    assert text.startswith('<svg class="drawing"')
    assert len(text.encode()) <= LARGEST_FILE


@pytest.mark.parametrize("key", KEYS)
def test_it_says_in_words_what_it_shows(key):
    exercise = LIBRARY[key]
    title, text = words(illustration(key, "left" if exercise.sided else ""))
    assert title == (f"{exercise.name}, left side" if exercise.sided else exercise.name)
    assert ("left" in text) or not exercise.sided
    assert exercise.steps[0] in text
    assert "_" not in title + text


@pytest.mark.parametrize(
    ("key", "side", "said"),
    [
        ("bridge", "", "lying on the back. Start and end of the movement. Coloured: the part that is working."),
        (
            "wall_calf_stretch_straight_knee",
            "right",
            "standing. Shown on the right. Coloured: the part that is stretched.",
        ),
        ("walking", "", "Drawing of a person walking. Walk at a pace"),
        ("quadruped_rock_back", "", "on hands and knees. Start and end of the movement. Go on"),
    ],
)
def test_words_of_some(key, side, said):
    assert said in words(illustration(key, side))[1]


def test_every_position_has_a_sentence():
    assert {exercise.position for exercise in LIBRARY.values()} <= set(POSITIONS)


def test_the_words_are_in_the_language_of_the_page():
    with override("es"):
        title, text = words(illustration("bridge", ""))
        drawing = illustration("half_kneeling_hip_flexor_stretch", "right")
    assert title == "Puente"
    assert text.startswith("Dibujo de una persona boca arriba.")
    assert ">D</text>" in drawing
    assert words(illustration("bridge", ""))[0] == "Bridge"


@pytest.mark.parametrize(("key", "number"), FRAMES)
def test_the_body_rests_on_something_and_sinks_into_nothing(key, number):
    frame = PICTURES[key].frames[number]
    body = build(frame.pose)
    surface = [
        piece.centre.plus(DOWN, piece.reach(DOWN))
        for name, bone in body.bones.items()
        if not name.endswith("foot")
        for piece in bone.slices
    ]
    surface += [body.points[f"{side} {end}"] for side in ("left", "right") for end in ("heel", "ball", "toe")]
    gaps = [point.z - ground(frame.props, point) for point in surface]
    assert min(gaps) >= -0.04
    assert min(abs(gap) for gap in gaps) <= 0.012


@pytest.mark.parametrize(("key", "number"), FRAMES)
def test_soles_that_are_level_stand_on_something(key, number):
    frame = PICTURES[key].frames[number]
    body = build(frame.pose)
    for side, leg in frame.pose.legs.items():
        if leg.flat:
            sole = body.points[f"{side} ball"]
            assert abs(sole.z - ground(frame.props, sole)) <= 0.012, side


@pytest.mark.parametrize("key", [key for key in KEYS if any(p.name == "wall" for p in PICTURES[key].frames[0].props)])
def test_a_wall_is_touched_by_hands_or_back(key):
    for frame in PICTURES[key].frames:
        body = build(frame.pose)
        wall = next(prop for prop in frame.props if prop.name == "wall")
        thin = min((0, 1), key=lambda axis: wall.stop[axis] - wall.start[axis])
        out = Vec(1, 0, 0) if thin == 0 else Vec(0, 1, 0)
        towards = out if wall.start[thin] > 0 else out.times(-1)
        places = [
            piece.centre.plus(towards, piece.reach(towards)) for bone in body.bones.values() for piece in bone.slices
        ]
        gaps = [(wall.start[thin] - place[thin]) * towards[thin] for place in places]
        assert -0.03 <= min(gaps) <= 0.03


@pytest.mark.parametrize("key", [key for key in KEYS if LIBRARY[key].kind in ("stretch", "strength")])
def test_stretch_and_work_look_different(key):
    text = illustration(key, "left" if LIBRARY[key].sided else "")
    kind = LIBRARY[key].kind
    assert bool(re.search(r'class="stretch(-line)?"', text)) is (kind == "stretch")
    assert bool(re.search(r'class="work(-line)?"', text)) is (kind == "strength")


@pytest.mark.parametrize("key", KEYS)
def test_a_letter_only_with_a_side(key):
    assert ">L</text>" in illustration(key, "left")
    assert ">R</text>" in illustration(key, "right")
    assert not re.search(r">[LR]</text>", illustration(key))


def test_an_exercise_the_library_no_longer_knows_has_no_drawing():
    assert illustration("once_upon_a_time") == ""


def test_small_ones_have_their_class():
    assert '<svg class="drawing drawing-small"' in illustration("bridge", small=True)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda poses: poses.pop("bridge"), "poses.json: bridge: the exercise has no picture"),
        (lambda poses: poses.update(headstand=poses["bridge"]), "poses.json: headstand: no such exercise"),
        (
            lambda poses: poses["bridge"].update(sided=True),
            "poses.json: bridge: sided is true here and the opposite in the library",
        ),
    ],
)
def test_poses_and_exercises_go_together(tmp_path, change, line):
    document = json.loads(POSES.read_text())
    change(document["poses"])
    file = tmp_path / "poses.json"
    file.write_text(json.dumps(document))
    with pytest.raises(PackError) as caught:
        read_poses(file)
    assert caught.value.lines == (line,)
