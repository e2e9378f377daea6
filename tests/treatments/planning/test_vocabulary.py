"""The words of a session note: the files that ship, and what is said of files that can't be used."""

import json
import re
import shutil

import pytest

from clinic.packs import PackError
from treatments.planning.library import LIBRARY_FOLDER
from treatments.planning.vocabulary import STRUCTURES, TECHNIQUES, VOCABULARY, known, name_of, read_vocabulary


@pytest.fixture
def folder(tmp_path):
    for name in ("techniques", "structures"):
        shutil.copy(LIBRARY_FOLDER / f"{name}.json", tmp_path)
    return tmp_path


def lines(folder, name, edit):
    path = folder / f"{name}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(PackError) as refused:
        read_vocabulary(folder)
    return refused.value.lines


def test_the_shipped_words_are_sound(folder):
    assert read_vocabulary(folder) == VOCABULARY
    for key in (
        "trigger_point_pressure",
        "myofascial_release",
        "contract_relax",
        "joint_mobilisation_4",
        "gait_training",
    ):
        assert key in TECHNIQUES
    for key in ("iliacus", "psoas", "piriformis", "quadratus_lumborum", "sacroiliac_joint", "plantar_fascia"):
        assert STRUCTURES[key].sided


def test_what_needs_a_licence_says_so():
    assert {key for key, word in TECHNIQUES.items() if word.licence} == {"dry_needling", "thrust_manipulation"}


def test_nothing_claims_an_effect():
    claim = re.compile(r"\b(heal|cure|reliev|reduc|improv|releas|relax|loosen|restor|correct|align|detox)\w*", re.I)
    said = {key: claim.findall(word.about) for key, word in TECHNIQUES.items()}
    assert {key: found for key, found in said.items() if found} == {}


@pytest.mark.parametrize("typed", ["psoas", "Psoas", "  PSOAS "])
def test_names_and_keys_are_known(typed):
    assert known(typed, STRUCTURES) == "psoas"


def test_anything_else_stays_as_it_was_typed():
    assert known("pso  as", STRUCTURES) == "pso as"
    assert name_of("pso as", STRUCTURES) == "pso as"
    assert name_of("psoas", STRUCTURES) == "Psoas"


def test_one_line_for_each_fault(folder):
    def edit(document):
        first, second, third = document["structures"][:3]
        first["key"], second["name"], third["region"] = "psoas", "Tensor fasciae latae", "nowhere"
        document["regions"]["nobody"] = "Nobody"

    said = lines(folder, "structures", edit)
    assert "structures.json: psoas: stands there 2 times" in said
    assert "structures.json: 'tensor fasciae latae' is the name of 2 entries" in said
    assert any(
        line.startswith("structures.json: tensor_fasciae_latae: region: 'nowhere' is not one of") for line in said
    )
    assert "structures.json: region: nothing is 'nobody'" in said


def test_the_schema_is_held(folder):
    said = lines(folder, "techniques", lambda document: document["techniques"][0].update(sided="yes"))
    assert said == ("techniques.json: techniques[0] (trigger_point_pressure): unknown key 'sided'; known: key, name, "
                    "synonyms, group, about, licence",)  # fmt: skip
