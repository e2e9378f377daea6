"""The clinicians' guide to the shipped protocol, as Markdown: everything the software relies on, written from its data.

Pure: no Django, no clock. `manage.py protocol_guide` prints it; `docs/protocol.md` is kept equal to it.
"""

from collections.abc import Callable, Iterator

from assessments.rules import PACK
from treatments.guide.concluding import findings
from treatments.guide.exercising import doses, exercises
from treatments.guide.legs import leg_length
from treatments.guide.markdown import link, table
from treatments.guide.measuring import measures, norms
from treatments.guide.phrases import EVIDENCE, TAGS
from treatments.guide.safety import conditions, red_flags

CHAPTERS: tuple[Callable[[], Iterator[str]], ...] = (
    *(measures, norms, findings, leg_length),
    *(red_flags, conditions, doses, exercises),
)
TITLE = """# The protocol, for clinicians

*Protocol {key}, version {version}. Written from the data by `manage.py protocol_guide`; changed there, never here.*

Everything that the software relies on when it explains readings and suggests exercises: how each thing is measured,
when a finding is raised, where the number comes from and how well it is supported. It supports a clinician's judgement
and does not replace it. What these rules say of healthy people stands in [healthy-people.md](healthy-people.md).
"""
READING = """## How to read this guide

Each number carries how far its source was checked:
"""
CONFIDENCE = """Where a source names no study, take it as ours until one is named.

**Confidence** (low, moderate, high) says how sure a finding is of what was measured. Low means a clue.
High needs imaging. A position that isn't recorded, or another than the threshold is for, lowers it by a step.

**Evidence** says how well studies support that the finding matters for pain, or that the exercise helps:
"""
OBJECTING = """## How to object

A guide that nobody can object to is wrong for long. There are three ways, from one client to everybody:

- **One finding of one client:** accept it, edit it or reject it on the assessment. Your decision and your words are
  kept beside what the rule said.
- **Your practice:** a practice may keep its own thresholds, confidence and texts, in a version of its own, with a
  source and a reason. It cannot change that only imaging confirms a bony difference, nor the hard limits of what can
  be typed, nor which readings raise a red flag.
- **The shipped protocol:** tell the people who keep it. Name the finding or measure by its code and version, such as
  `hip_extension_limited`, version 1; the number you object to; the study that says otherwise, with its page or table;
  and what you would write instead. A changed rule gets a new version, and findings made before keep the one they were
  made with.
"""


def guide() -> str:
    """The whole guide. The same data always give the same text."""
    chapters = [list(chapter()) for chapter in CHAPTERS]
    lines = [
        *TITLE.format(key=PACK.key, version=PACK.version).splitlines(),
        "",
        *contents(chapters),
        *how_to_read(),
        *OBJECTING.splitlines(),
        "",
    ]
    return "\n".join([*lines, *(line for chapter in chapters for line in chapter)]).rstrip() + "\n"


def contents(chapters: list[list[str]]) -> Iterator[str]:
    """A list of the chapters and their parts."""
    yield "## Contents"
    yield ""
    yield f"- {link('How to read this guide')}"
    yield f"- {link('How to object')}"
    for line in (line for chapter in chapters for line in chapter):
        if line.startswith("## "):
            yield f"- {link(line.removeprefix('## '))}"
        elif line.startswith("### "):
            yield f"  - {link(line.removeprefix('### '))}"
    yield ""


def how_to_read() -> Iterator[str]:
    yield from READING.splitlines()
    yield ""
    yield from table(("in this guide", "means", "tag in the data"), ((*words, tag) for tag, words in TAGS.items()))
    yield from CONFIDENCE.splitlines()
    yield ""
    yield from table(("evidence", "means"), EVIDENCE.items())
