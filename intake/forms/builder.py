"""The builder's inputs: one question of a form, edited in place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from intake.forms.inputs import Amount, OneOf, SomeOf
from intake.screening import editing
from intake.screening.conditional import CONDITIONAL_ON
from intake.screening.definition import VOCABULARY
from intake.screening.kinds import kind_label
from intake.screening.questionnaire import ASKED, FIXED

LONGEST = {"label": 300, "help": 1000, "unit": 40, "low": 100, "high": 100, "text": 5000, "title": 200, "intro": 2000}
FAR = 1_000_000
YES_NO = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]


LABELS: Mapping[str, str] = {
    "info": "Heading",
    "yes_no_unsure": "Name of this group",
    "consent": "Beside the tick",
    "signature": "Question",
}


def words(name: str, label: str, help_text: str = "", rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST[name], required=False, widget=widget,
        error_messages={"max_length": f"At most {LONGEST[name]} characters."},
    )  # fmt: skip


class PageEditor(forms.Form):
    """Title and introduction of a page, and the name of the form."""

    def __init__(self, page: Mapping[str, Any], title: str, data: Any = None) -> None:
        super().__init__(data, initial={**editing.head_of(page), "form_title": title}, prefix="page")
        self.fields["form_title"] = forms.CharField(
            label="Name of the form", max_length=120, help_text="Clients read it above the first page.",
            error_messages={"required": "Give the form a name of 1 to 120 characters."},
        )  # fmt: skip
        self.fields["title"] = words("title", "Title of this page")
        self.fields["intro"] = words("intro", "Introduction", rows=2)

    def head(self) -> dict[str, str]:
        return {name: plain(self.cleaned_data[name]) for name in ("title", "intro")}


class FieldEditor(forms.Form):
    """One question. `document()` is its definition, with what is not edited here left as it was."""

    def __init__(self, raw: Mapping[str, Any], earlier: Sequence[Mapping[str, Any]], data: Any = None) -> None:
        """`earlier`: the questions before it whose answers may decide whether this one is asked."""
        super().__init__(data, initial=dict(initial(raw)), prefix=f"f-{raw['key']}")
        self.raw, self.type = raw, raw["type"]
        self.earlier = {field["key"]: field for field in earlier if field["type"] in CONDITIONAL_ON}
        self.fixed_words = VOCABULARY.get(raw["key"], ()) if self.type in ("choice", "multi_choice") else ()
        self.fields.update(dict(self.parts()))
        self.fields.update(dict(self.condition_parts()))

    @property
    def kind(self) -> str:
        return kind_label(self.type)

    @property
    def stays(self) -> str:
        return editing.STAYS.get(self.type, "")

    def parts(self) -> Iterator[tuple[str, forms.Field]]:
        yield "label", words("label", LABELS.get(self.type, "Question"))
        if self.type in ("info", "consent"):
            yield "text", words("text", "Words", rows=6)
        if self.type not in ("info", "consent", "yes_no_unsure"):
            yield "help", words("help", "Help", "Stands small under the question.", rows=2)
        if self.type in ASKED:
            yield "required", forms.BooleanField(label="Has to be answered", required=False)
        yield from self.limits()
        yield from self.choices()

    def limits(self) -> Iterator[tuple[str, forms.Field]]:
        far = {"low": -FAR, "high": FAR, "required": False}
        if self.type == "number" and self.raw["key"] not in FIXED:
            yield "minimum", Amount(label="Lowest", **far)
            yield "maximum", Amount(label="Highest", **far)
            yield "unit", words("unit", "Unit")
        if self.type == "scale":
            for name, label in (("minimum", "Begins at"), ("maximum", "Ends at")):
                yield name, Amount(label=label, low=0, high=10, required=False)
            yield "low", words("low", "What the lowest means")
            yield "high", words("high", "What the highest means")
        if self.type in ("text", "long_text"):
            yield "most", Amount(label="At most", unit="characters", low=1, high=5000, required=False)

    def choices(self) -> Iterator[tuple[str, forms.Field]]:
        if self.fixed_words:
            for word in self.fixed_words:
                label = word.replace("_", " ").capitalize()
                yield f"choice-{word}", forms.CharField(label=label, required=False, max_length=200)
        elif self.type in ("choice", "multi_choice"):
            yield "choices", forms.CharField(
                label="Answers", required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": 5}),
                help_text="One on each line. Points for a score stand behind: Every night = 3",
            )  # fmt: skip
        elif self.type == "yes_no":
            for word in ("yes", "no"):
                label = f"Points for {word}"
                yield f"points-{word}", Amount(label=label, low=-FAR, high=FAR, required=False)

    def condition_parts(self) -> Iterator[tuple[str, forms.Field]]:
        now = self.raw.get("show_if", {}).get("field", "")
        if self.stays or not (self.earlier or now):
            return
        named = [(key, field.get("label") or "(without words)") for key, field in self.earlier.items()]
        if now and now not in self.earlier:  # removed, or asked later by now: told among what is missing
            named.append((now, "(a question that is not asked before this one)"))
        widget = forms.Select(attrs={"data-look": ""})
        label = "Ask this"
        yield "show_if", OneOf(label=label, choices=[("", "always"), *named], widget=widget, required=False)
        source = self.earlier.get(self.source())
        if source and source["type"] in ("scale", "number"):
            yield "at_least", Amount(label="Only from", low=-FAR, high=FAR, required=False)
        elif source:
            answers = [(choice["value"], choice["label"]) for choice in choices_of(source)]
            yield "any_of", SomeOf(label="Only after one of these answers", choices=answers, required=False)

    def source(self) -> str:
        """Key of the question that decides: as it was sent, else as it is."""
        sent = self.data.get(self.add_prefix("show_if")) if self.is_bound else None
        return str(sent if sent is not None else self.raw.get("show_if", {}).get("field", ""))

    def _clean_fields(self) -> None:
        """Answers that were ticked belong to the question that decided before: another one has others."""
        if self.source() != self.raw.get("show_if", {}).get("field", ""):
            for name in ("any_of", "at_least"):
                self.fields.pop(name, None)
        super()._clean_fields()  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        super().clean()
        for line in (self.cleaned_data.get("choices") or "").splitlines():
            if len(line.strip()) > 200:
                raise ValidationError({"choices": "An answer has at most 200 characters."})
        if len([line for line in (self.cleaned_data.get("choices") or "").splitlines() if line.strip()]) > 60:
            raise ValidationError({"choices": "At most 60 answers; these are more."})
        return self.cleaned_data

    # --- what it says now ---------------------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        said, field = self.cleaned_data, dict(self.raw)
        for name in ("label", "help", "text", "unit", "low", "high"):
            if name in said:
                put(field, name, plain(said[name]))
        for name in ("minimum", "maximum", "most"):
            if name in said:
                put(field, name, said[name])
        if "required" in said:
            put(field, "required", said["required"])
        field["label"] = plain(said.get("label", ""))
        self.document_choices(field)
        self.document_condition(field)
        return field

    def document_choices(self, field: dict[str, Any]) -> None:
        said = self.cleaned_data
        if self.fixed_words:
            labels = {word: plain(said.get(f"choice-{word}", "")) for word in self.fixed_words}
            field["choices"] = [{"value": word, "label": label} for word, label in labels.items() if label]
        elif "choices" in said:
            field["choices"], score = editing.choices_from(plain(said["choices"]), self.raw.get("choices", []))
            put(field, "score", score)
        elif self.type == "yes_no":
            given = {word: said.get(f"points-{word}") for word in ("yes", "no")}
            put(field, "score", {word: points for word, points in given.items() if points is not None})

    def document_condition(self, field: dict[str, Any]) -> None:
        if "show_if" not in self.fields:
            return
        said, now = self.cleaned_data, self.raw.get("show_if", {}).get("field", "")
        if said.get("show_if") == now and not {"any_of", "at_least"} & set(self.fields):
            return
        put(field, "show_if", condition(said.get("show_if") or "", said.get("any_of") or [], said.get("at_least")))


def condition(source: str, any_of: list[str], at_least: float | None) -> dict[str, Any]:
    """As the definition has it; unfinished where only the question was chosen."""
    if not source:
        return {}
    if at_least is not None:
        return {"field": source, "at_least": at_least}
    if len(any_of) == 1:
        return {"field": source, "is": any_of[0]}
    return {"field": source, "any_of": any_of} if any_of else {"field": source}


def choices_of(source: Mapping[str, Any]) -> list[dict[str, str]]:
    return YES_NO if source["type"] == "yes_no" else source.get("choices", [])


def initial(raw: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((name, raw.get(name)) for name in ("label", "help", "text", "required", "unit", "low", "high", "most"))
    for name in ("minimum", "maximum"):
        yield name, raw.get(name)
    score = raw.get("score", {})
    yield "choices", editing.lines_of(raw.get("choices", []), score)
    yield from ((f"choice-{choice['value']}", choice["label"]) for choice in raw.get("choices", []))
    yield from ((f"points-{word}", score.get(word)) for word in ("yes", "no"))
    shown = raw.get("show_if", {})
    yield "show_if", shown.get("field", "")
    yield "any_of", shown.get("any_of") or ([shown["is"]] if "is" in shown else [])
    yield "at_least", shown.get("at_least")


def put(field: dict[str, Any], name: str, value: Any) -> None:
    """Nothing is said by leaving it out."""
    if value is None or value is False or value == "" or value == {}:
        field.pop(name, None)
    else:
        field[name] = value


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
