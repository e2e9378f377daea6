"""How each type of question in a form version becomes inputs, and how the inputs become the intake document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from intake.forms.asked import YES_NO, Info, OneDay, Scale, Single, Words, YesNo
from intake.forms.drawn import BodyChart, Signature
from intake.forms.inputs import Amount, Day, OneOf
from intake.models import FormVersion
from intake.screening import Field
from intake.screening.vocabulary import WEEKS_MAX

ANSWERS = (*YES_NO, ("unsure", _("Not sure")))
APPROACHES = (
    ("posterior", _("From behind")),
    ("anterior", _("From the front")),
    ("lateral", _("From the side")),
    ("anterolateral", _("Front and side")),
    ("unknown", _("I don’t know")),
)
SIDES = (("left", _("Left")), ("right", _("Right")), ("both", _("Both")))
# Below these places, "goes down below the knee" asks nothing.
MAY_RADIATE = frozenset({"low_back", "sacroiliac", "hip", "groin", "buttock", "thigh"})

Cleaned = Mapping[str, Any]


class Part(Protocol):
    """One question of a page. `rows` are the names of its inputs, each with the names of those that only then count."""

    def inputs(self) -> dict[str, forms.Field]: ...

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]: ...

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]: ...

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        """The part of the intake document; a name that `cleaned` lacks was refused and is left out."""
        ...

    @property
    def field(self) -> Field: ...


def part(field: Field, version: FormVersion) -> Part:
    kind: Any = KINDS.get(field.type, Single)
    made: Part = kind(field, version)
    return made


class Agreement(Single):
    """The words stand on the page; the tick is no part of the answers."""

    def input(self) -> forms.Field:
        missing = {"required": _("Tick this if you agree. Without it we can’t take your answers.")}
        return forms.BooleanField(label=self.field.label, error_messages=missing)

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return {}


class Screen:
    """Safety questions or conditions: yes, no, not sure; what else matters opens under a yes."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field, self.version = field, version

    def name(self, item: str) -> str:
        return f"{self.field.block}-{item}"

    def details(self, item: str) -> dict[str, forms.Field]:
        asked = self.version.wording(self.field.block, item)["details"]
        known = {
            "side": OneOf(label=_("Which side?"), choices=SIDES, required=False),
            "date": Day(label=_("When?"), help_text=_("Roughly is fine."), required=False),
            "approach": OneOf(
                label=_("From which direction was it put in?"),
                choices=APPROACHES,
                required=False,
            ),
        }
        return {f"{self.name(item)}-{detail}": known[detail] for detail in asked if detail in known}

    def inputs(self) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {}
        for item in self.field.items:
            words = self.version.wording(self.field.block, item, get_language() or "")
            question = OneOf(
                label=words["question"], help_text=words["help"], choices=ANSWERS, required=self.field.required
            )
            made |= {self.name(item): question, **self.details(item)}
        return made

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from ((self.name(item), tuple(self.details(item))) for item in self.field.items)

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        given = answers.get(self.field.block, {})
        found: dict[str, Any] = {}
        for item in self.field.items:
            said = given.get(item)
            detailed = said if isinstance(said, dict) else {"answer": said}
            found[self.name(item)] = detailed.get("answer")
            found |= {name: detailed.get(name.rsplit("-", 1)[1]) for name in self.details(item)}
        return found

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        names = [item for item in self.field.items if self.name(item) in cleaned]
        return {self.field.block: {item: self.answer(item, cleaned) for item in names}}

    def answer(self, item: str, cleaned: Cleaned) -> object:
        """One word; an object where more was said about a yes."""
        said = cleaned[self.name(item)]
        more = {name.rsplit("-", 1)[1]: cleaned.get(name) for name in self.details(item)}
        told = {detail: value for detail, value in more.items() if value}
        return {"answer": said, **told} if said == "yes" and told else said


class PainSites:
    """Every place is one tick; how bad, how long and where to opens under it."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field = field

    def name(self, site: str) -> str:
        return f"{self.field.key}-{site}"

    def details(self, site: str) -> dict[str, forms.Field]:
        low, high = int(self.field.minimum or 0), int(self.field.maximum or 0)
        levels = [(str(level), str(level)) for level in range(low, high + 1)]
        severity = OneOf(
            label=_("How bad is it?"),
            help_text=_("{low} is no pain, {high} the worst you can imagine.").format(low=low, high=high),
            choices=levels,
        )
        for problem in ("required", "invalid_choice"):
            line = _("Choose how bad it is, a whole number from {low} to {high}.").format(low=low, high=high)
            severity.error_messages[problem] = line
        sides = [(choice.value, choice.label) for choice in self.field.sides]
        made: dict[str, forms.Field] = {
            "side": OneOf(label=_("Which side?"), choices=sides, required=False),
            "severity": severity,
            "weeks": Amount(
                label=_("For how long?"),
                help_text=_("A year has 52 weeks."),
                low=0,
                high=WEEKS_MAX,
                unit=_("weeks"),
                required=False,
            ),
        }
        if site in MAY_RADIATE:
            made["below_knee"] = OneOf(label=_("Does it go down below the knee?"), choices=YES_NO, required=False)
        return {f"{self.name(site)}-{detail}": field for detail, field in made.items()}

    def inputs(self) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {}
        for choice in self.field.choices:
            ticked = forms.BooleanField(label=choice.label, required=False)
            made |= {self.name(choice.value): ticked, **self.details(choice.value)}
        return made

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from ((self.name(choice.value), tuple(self.details(choice.value))) for choice in self.field.choices)

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for place in answers.get(self.field.key) or []:
            name = self.name(place["site"])
            radiates = place.get("radiates_below_knee")
            found |= {f"{name}-{key}": place.get(key) for key in ("side", "severity", "weeks")}
            found |= {name: True, f"{name}-below_knee": None if radiates is None else "yes" if radiates else "no"}
        return found

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        ticked = [choice.value for choice in self.field.choices if cleaned.get(self.name(choice.value))]
        return {self.field.key: [self.place(site, cleaned) for site in ticked]}

    def place(self, site: str, cleaned: Cleaned) -> dict[str, Any]:
        said = {key: cleaned.get(f"{self.name(site)}-{key}") for key in ("side", "severity", "weeks", "below_knee")}
        radiates = said.pop("below_knee")
        severity = said.pop("severity")
        more = {
            "severity": None if severity is None else int(severity),
            "radiates_below_knee": None if radiates is None else radiates == "yes",
        }
        return {"site": site, **{key: value for key, value in {**said, **more}.items() if value is not None}}


KINDS: Mapping[str, Any] = {
    "text": Words,
    "long_text": Words,
    "scale": Scale,
    "date": OneDay,
    "yes_no": YesNo,
    "info": Info,
    "pain_sites": PainSites,
    "yes_no_unsure": Screen,
    "consent": Agreement,
    "signature": Signature,
    "body_chart": BodyChart,
}
