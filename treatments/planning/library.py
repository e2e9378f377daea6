"""The exercise library and the precautions, read from `treatments/library/*.json` and checked on loading."""

from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assessments.rules import PACK
from clinic import spoken
from clinic.packs import read, require_none
from treatments.planning import checks
from treatments.planning.records import Contents, Contraindication, Dose, Evidence, Exercise, Precaution

LIBRARY_FOLDER = Path(__file__).resolve().parent.parent / "library"


def document(name: str, folder: Path = LIBRARY_FOLDER) -> dict[str, Any]:
    """A file of the library, held to its schema. Raises PackError."""
    return read(folder / f"{name}.json", LIBRARY_FOLDER / "schema" / f"{name}.schema.json")


def read_library(folder: Path = LIBRARY_FOLDER, findings: Collection[str] = PACK.rules.keys()) -> Contents:
    """The exercises and precautions of a folder. Raises PackError with a line for everything that is wrong.

    `findings` are the codes that the assessments can come to; each needs an exercise or a reason for none.
    """
    exercises, precautions = document("exercises", folder), document("precautions", folder)
    require_none(
        [
            *checks.double_keys(checks.EXERCISES, exercises["exercises"]),
            *checks.double_keys(checks.PRECAUTIONS, precautions["conditions"]),
            *checks.double_keys(checks.PRECAUTIONS, precautions["findings"]),
        ]
    )
    contents = Contents(
        exercises=MappingProxyType({raw["key"]: build_exercise(raw) for raw in exercises["exercises"]}),
        tags=MappingProxyType(exercises["tags"]),
        strengthens_the_back=frozenset(exercises["strengthens_the_back"]),
        no_exercise=MappingProxyType(exercises["no_exercise_by_itself"]),
        conditions=MappingProxyType({raw["key"]: build_precaution(raw) for raw in precautions["conditions"]}),
        findings=MappingProxyType({raw["key"]: build_precaution(raw) for raw in precautions["findings"]}),
    )
    require_none(checks.faults(contents, findings))
    return contents


def build_exercise(raw: Mapping[str, Any]) -> Exercise:
    return Exercise(
        **{
            **raw,
            **{name: tuple(raw[name]) for name in ("aliases", "for_findings", "steps")},
            "dose": Dose(**raw["dose"]) if "dose" in raw else None,
            "tags": frozenset(raw["tags"]),
            "contraindications": {key: Contraindication(**value) for key, value in raw["contraindications"].items()},
            "evidence": Evidence(**raw["evidence"]),
        }
    )


def build_precaution(raw: Mapping[str, Any]) -> Precaution:
    approaches = raw.get("excludes_by_approach", {})
    return Precaution(
        **{
            **raw,
            **{name: frozenset(raw.get(name, ())) for name in ("excludes", "excludes_across")},
            "until": tuple(raw.get("until", ())),
            "excludes_by_approach": {approach: frozenset(tags) for approach, tags in approaches.items()},
        }
    )


CONTENTS = read_library()
#: `reason` is that of a contraindication which changes an exercise: how to do it differently.
TRANSLATIONS = spoken.read(LIBRARY_FOLDER / "translations", spoken=("name", "steps", "sentence", "reason"))
in_language = TRANSLATIONS.of
LIBRARY: Mapping[str, Exercise] = CONTENTS.exercises
STRENGTHENS_THE_BACK = CONTENTS.strengthens_the_back
NO_EXERCISE: Mapping[str, str] = CONTENTS.no_exercise
CONDITION_PRECAUTIONS: Mapping[str, Precaution] = CONTENTS.conditions
FINDING_PRECAUTIONS: Mapping[str, Precaution] = CONTENTS.findings
