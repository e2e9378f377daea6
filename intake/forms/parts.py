"""How each type of question in a form version becomes inputs, and how the inputs become the intake document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from django import forms

from intake.forms.inputs import Amount, Choices, Day, OneOf, SomeOf
from intake.models import FormVersion
from intake.screening import Field
from intake.screening.vocabulary import WEEKS_MAX

ANSWERS = (("yes", "Yes"), ("no", "No"), ("unsure", "Not sure"))
YES_NO = (("yes", "Yes"), ("no", "No"))
APPROACHES = (
    ("posterior", "From behind"),
    ("anterior", "From the front"),
    ("lateral", "From the side"),
    ("anterolateral", "Front and side"),
    ("unknown", "I don’t know"),
)
SIDES = (("left", "Left"), ("right", "Right"), ("both", "Both"))
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


def part(field: Field, version: FormVersion) -> Part:
    kind: Any = KINDS.get(field.type, Single)
    made: Part = kind(field, version)
    return made


def choices_of(field: Field) -> Choices:
    return [(choice.value, choice.label) for choice in field.choices]


class Single:
    """A number, one choice or several choices."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field = field

    def inputs(self) -> dict[str, forms.Field]:
        return {self.field.key: self.input()}

    def input(self) -> forms.Field:
        field = self.field
        said = {"label": field.label, "help_text": field.help, "required": field.required}
        if field.type == "number":
            return Amount(low=field.minimum or 0, high=field.maximum or 0, unit=field.unit, **said)
        kind = SomeOf if field.type == "multi_choice" else OneOf
        return kind(choices=choices_of(field), **said)

    def rows(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield self.field.key, ()

    def initial(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        return {self.field.key: answers.get(self.field.key)}

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return {self.field.key: cleaned[self.field.key]} if self.field.key in cleaned else {}


class Agreement(Single):
    """The words stand on the page; the tick is no part of the answers."""

    def input(self) -> forms.Field:
        missing = {"required": "Tick this if you agree. Without it we can't take your answers."}
        return forms.BooleanField(label=self.field.label, error_messages=missing)

    def document(self, cleaned: Cleaned) -> dict[str, Any]:
        return {}


class Name(Agreement):
    """A typed signature."""

    def input(self) -> forms.Field:
        longest = self.field.most or 160
        return forms.CharField(
            label=self.field.label,
            help_text=self.field.help,
            max_length=longest,
            widget=forms.TextInput(attrs={"autocomplete": "name", "autocapitalize": "words"}),
            error_messages={
                "required": f"Type your full name to sign, at most {longest} characters.",
                "max_length": f"At most {longest} characters.",
            },
        )


class Screen:
    """Safety questions or conditions: yes, no, not sure; what else matters opens under a yes."""

    def __init__(self, field: Field, version: FormVersion) -> None:
        self.field, self.version = field, version

    def name(self, item: str) -> str:
        return f"{self.field.block}-{item}"

    def details(self, item: str) -> dict[str, forms.Field]:
        asked = self.version.wording(self.field.block, item)["details"]
        known = {
            "side": OneOf(label="Which side?", choices=SIDES, required=False),
            "date": Day(label="When?", help_text="Roughly is fine.", required=False),
            "approach": OneOf(
                label="From which direction was it put in?",
                choices=APPROACHES,
                required=False,
            ),
        }
        return {f"{self.name(item)}-{detail}": known[detail] for detail in asked if detail in known}

    def inputs(self) -> dict[str, forms.Field]:
        made: dict[str, forms.Field] = {}
        for item in self.field.items:
            words = self.version.wording(self.field.block, item)
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
            label="How bad is it?",
            help_text=f"{low} is no pain, {high} the worst you can imagine.",
            choices=levels,
        )
        for problem in ("required", "invalid_choice"):
            severity.error_messages[problem] = f"Choose how bad it is, a whole number from {low} to {high}."
        sides = [(choice.value, choice.label) for choice in self.field.sides]
        made: dict[str, forms.Field] = {
            "side": OneOf(label="Which side?", choices=sides, required=False),
            "severity": severity,
            "weeks": Amount(label="For how long?", low=0, high=WEEKS_MAX, unit="weeks", required=False),
        }
        if site in MAY_RADIATE:
            made["below_knee"] = OneOf(label="Does it go down below the knee?", choices=YES_NO, required=False)
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
    "pain_sites": PainSites,
    "yes_no_unsure": Screen,
    "consent": Agreement,
    "signature": Name,
}
