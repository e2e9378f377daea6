"""Types of questions as the practice calls them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of question in the library."""

    key: str
    label: str
    about: str


LIBRARY: Mapping[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("text", "Short answer", "One line of words"),
        Kind("long_text", "Long answer", "Several lines of words"),
        Kind("choice", "One of several", "One answer from a list"),
        Kind("multi_choice", "Some of several", "Any number of answers from a list"),
        Kind("yes_no", "Yes or no", "Two answers"),
        Kind("scale", "Scale", "0 to 10, with words at both ends"),
        Kind("number", "Number", "With its unit and its limits"),
        Kind("date", "Date", "A day"),
        Kind("body_chart", "Body chart", "Marks on a figure: kind of pain, and how bad"),
        Kind("info", "Words only", "Something to read, nothing to answer"),
    )
}
#: What is in every form, or comes from the shipped ones.
OTHERS: Mapping[str, str] = {
    "pain_sites": "Painful places",
    "yes_no_unsure": "Safety questions",
    "consent": "Agreement",
    "signature": "Signature",
}


def kind_label(kind: str) -> str:
    return LIBRARY[kind].label if kind in LIBRARY else OTHERS.get(kind, kind)
