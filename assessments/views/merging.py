"""Two versions of one sheet, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BoundField

from assessments.forms import MeasuringForm

OUT_OF_IT = frozenset({"revision", "lines", "unusual"})


@dataclass(frozen=True)
class Difference:
    """A field that both versions have and that isn't the same in them."""

    name: str
    label: str
    theirs: str
    mine: str


def differences(theirs: MeasuringForm, mine: MeasuringForm) -> tuple[list[Difference], list[tuple[str, str]]]:
    """What to choose between, and the name and value of everything else a merged sheet needs."""
    names = [name for name in dict.fromkeys([*mine.fields, *theirs.fields]) if name not in OUT_OF_IT]
    rows: list[Difference] = []
    same: list[tuple[str, str]] = []
    for name in names:
        one, other = text_of(theirs.get(name)), text_of(mine.get(name))
        if one == other:
            same.append((name, one))
        else:
            rows.append(Difference(name, label_of(mine, theirs, name), one, other))
    lines = dict.fromkeys(line.key for form in (theirs, mine) for line in form.extra)
    return rows, [*same, ("lines", " ".join(lines)), ("revision", text_of(theirs["revision"]))]


def text_of(field: BoundField | None) -> str:
    """As it stands in the page; line ends as browsers send them don't make a difference."""
    value = field.value() if field else None
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def label_of(mine: MeasuringForm, theirs: MeasuringForm, name: str) -> str:
    field = mine.get(name) or theirs[name]
    return str(field.label)
