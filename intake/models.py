from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from clinic.models import (
    CLINICAL,
    CLINICIANS,
    PERSONAL,
    PLAIN,
    STAFF,
    Client,
    Membership,
    PracticeRecord,
    ScopedQuerySet,
)
from intake.screening import Form
from intake.screening.questionnaire import form_of


class FormVersionQuerySet(ScopedQuerySet):
    staff = STAFF


class FormVersion(PracticeRecord):
    """One version of an intake form. Never changes: answers pin the version they were given to."""

    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    schema = models.JSONField(help_text="The form, and the wording of every safety question and condition it asks.")

    privacy = {"key": PLAIN, "number": PLAIN, "title": PLAIN, "schema": PLAIN}
    objects: ClassVar[FormVersionQuerySet] = FormVersionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "key", "number"], name="one_form_version")]
        triggers = [pgtrigger.Protect(name="versions_never_change", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def form(self) -> Form:
        """As it was asked. Not checked against today's protocol, which may know items that this version did not."""
        return form_of(self.schema["form"])

    def form_in(self, language: str) -> Form:
        """As it was asked in `language`; what was not translated stays in the form's own words."""
        return self.form.in_language(language)

    def wording(self, block: str, item: str, language: str = "") -> Mapping[str, Any]:
        """`question`, `help`, `name` and `details` of one item of red_flags or conditions, in this version's words."""
        words: Mapping[str, Any] = self.schema["questions"][block][item]
        told = self.schema.get("translations", {})
        known = told.get(language) or told.get(language.partition("-")[0]) or {}
        return {**words, **known.get(block, {}).get(item, {})}


class PracticeFormQuerySet(ScopedQuerySet):
    staff = STAFF


class PracticeForm(PracticeRecord):
    """A form that a practice builds: what is being edited. Published, it becomes a FormVersion of the same key."""

    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    body = models.JSONField(help_text="As the `form` of a version's schema, with its translations; may be unfinished.")
    revision = models.PositiveIntegerField(default=1, help_text="Of the body: an older editor is asked to look.")
    tab = models.CharField(
        max_length=40, blank=True, default="", db_default="",
        help_text="The open page that saved last: an answer that got lost is no second editor.",
    )  # fmt: skip
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    is_default = models.BooleanField(default=False, help_text="Sent unless another is chosen.")
    retired_at = models.DateTimeField(null=True, blank=True)

    privacy = {
        "key": PLAIN, "title": PLAIN, "body": PLAIN, "revision": PLAIN, "tab": PLAIN,
        "changed_at": PLAIN, "changed_by": PERSONAL,
        "is_default": PLAIN, "retired_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[PracticeFormQuerySet] = PracticeFormQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "key"], name="one_form_of_a_key"),
            models.UniqueConstraint(
                fields=["practice"], condition=Q(is_default=True, retired_at=None), name="one_default_form"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class State(models.TextChoices):
    """What has become of an invitation."""

    OPEN = "open", "Waiting for answers"
    COMPLETED = "completed", "Answered"
    REVOKED = "revoked", "Withdrawn"
    EXPIRED = "expired", "Expired"


class IntakeRequestQuerySet(ScopedQuerySet):
    staff = STAFF

    def unfinished(self) -> IntakeRequestQuerySet:
        """Neither answered nor withdrawn; expired ones too."""
        return self.filter(completed_at=None, revoked_at=None)

    def open(self) -> IntakeRequestQuerySet:
        return self.unfinished().filter(expires_at__gt=timezone.now())


class IntakeRequest(PracticeRecord):
    """An invitation to fill in a form; its signed link works until it expires, is revoked or is used."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="intake_requests")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    # db_default: code from before these may still add rows while they are deployed
    new_link_asked_at = models.DateTimeField(
        null=True, blank=True, help_text="The client asked for another link, this one being closed."
    )
    birth_tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Wrong dates of birth; too many close the link until it is sent anew."
    )

    privacy = {
        "form_version": PLAIN, "birth_tries": PLAIN, "new_link_asked_at": PLAIN, "requested_by": PERSONAL,
        "expires_at": PLAIN, "revoked_at": PLAIN, "opened_at": PLAIN, "completed_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[IntakeRequestQuerySet] = IntakeRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["practice", "client", "-created_at"], name="intake_requests_of_client"),
            models.Index(
                fields=["practice", "expires_at"], name="intake_requests_unfinished",
                condition=Q(completed_at=None, revoked_at=None),
            ),
            models.Index(
                fields=["practice", "client"], name="intake_links_wanted",
                condition=Q(new_link_asked_at__isnull=False) | Q(birth_tries__gte=5),
            ),
        ]  # fmt: skip

    @property
    def state(self) -> State:
        if self.completed_at:
            return State.COMPLETED
        if self.revoked_at or self.client.archived_at:
            return State.REVOKED
        return State.OPEN if self.expires_at > timezone.now() else State.EXPIRED


class IntakeResponseQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"

    def completed(self) -> IntakeResponseQuerySet:
        return self.exclude(completed_at=None)

    def unread(self) -> IntakeResponseQuerySet:
        return self.completed().filter(read_at=None)


class IntakeResponse(PracticeRecord):
    """A client's answers to one form version: a draft until signed, immutable afterwards."""

    request = models.OneToOneField(IntakeRequest, on_delete=models.PROTECT, related_name="response")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="intake_responses")
    form_version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, help_text="The intake part of the case document.")
    saved_at = models.DateTimeField(auto_now=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    consent_text = models.TextField(blank=True, help_text="The exact words that were agreed to.")
    consent_version = models.CharField(max_length=20, blank=True)
    signed_name = models.CharField(max_length=160, blank=True)
    signed_from = models.GenericIPAddressField(null=True, blank=True)
    referral_level = models.CharField(max_length=10, blank=True)
    referral_because = models.JSONField(default=list)
    signature = models.JSONField(null=True, blank=True, help_text="Strokes of a drawn signature, 0 to 1000 each way.")
    scores = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    revision = models.PositiveIntegerField(default=1, db_default=1, help_text="Of the draft, by two devices.")
    filled_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False,
        help_text="The earlier answers that this draft began with.",
    )  # fmt: skip
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")

    privacy = {
        "request": PLAIN, "form_version": PLAIN, "answers": CLINICAL, "saved_at": PLAIN, "completed_at": PLAIN,
        "consent_text": PLAIN, "consent_version": PLAIN, "signed_name": PERSONAL, "signed_from": PERSONAL,
        "referral_level": CLINICAL, "referral_because": CLINICAL, "signature": PERSONAL, "scores": CLINICAL,
        "revision": PLAIN, "filled_from": PLAIN, "read_at": PLAIN, "read_by": PERSONAL,
    }  # fmt: skip
    objects: ClassVar[IntakeResponseQuerySet] = IntakeResponseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completed_at=None) | ~Q(signed_name=""), name="a_completed_intake_is_signed"
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "client", "-completed_at"], name="intakes_of_client"),
            models.Index(
                fields=["practice", "completed_at"], name="intakes_unread",
                condition=Q(completed_at__isnull=False, read_at=None),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Protect(
                name="completed_intake_is_immutable",
                operation=pgtrigger.UpdateOf(
                    "answers", "completed_at", "consent_text", "consent_version", "signed_name", "signed_from",
                    "form_version_id", "client_id", "practice_id", "request_id", "referral_level", "referral_because",
                    "signature", "scores",
                ),
                condition=pgtrigger.Q(old__completed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="completed_intake_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__completed_at__isnull=False),
            ),
        ]  # fmt: skip


class ConditionAnswerQuerySet(ScopedQuerySet):
    staff = CLINICIANS


class ConditionAnswer(PracticeRecord):
    """A clinician's answer to a condition that the client left open; the newest one counts, none is overwritten."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="condition_answers")
    condition = models.CharField(max_length=60)
    answer = models.JSONField(help_text="yes, no, or an object as in the case document.")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    privacy = {"condition": CLINICAL, "answer": CLINICAL, "answered_by": PERSONAL}
    objects: ClassVar[ConditionAnswerQuerySet] = ConditionAnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["practice", "client", "created_at"], name="condition_answers_of_client")]


class RescreenQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"


class Rescreen(PracticeRecord):
    """“Anything new?”: the safety questions once more, answered in the portal while a programme runs."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="rescreens", db_index=False)
    form_version = models.ForeignKey(
        FormVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False,
        help_text="What was asked, in its words; not known of answers from before they were kept.",
    )  # fmt: skip
    language = models.CharField(max_length=10, blank=True, default="", db_default="", help_text="In which it was read.")
    answers = models.JSONField(help_text="Red flags as in the case document; those not named are unchanged.")
    nothing_new = models.BooleanField()
    referral_level = models.CharField(max_length=10, blank=True)
    referral_because = models.JSONField(default=list)

    privacy = {
        "form_version": PLAIN, "language": PLAIN, "answers": CLINICAL, "nothing_new": CLINICAL,
        "referral_level": CLINICAL, "referral_because": CLINICAL,
    }  # fmt: skip
    objects: ClassVar[RescreenQuerySet] = RescreenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["practice", "client", "-created_at"], name="rescreens_of_client")]
        triggers = [pgtrigger.Protect(name="a_rescreen_never_changes", operation=pgtrigger.Update | pgtrigger.Delete)]
