from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.models import CLINICAL, CLINICIANS, PERSONAL, PLAIN, Client, Membership, PracticeRecord, ScopedQuerySet


class QuestionnaireResponseQuerySet(ScopedQuerySet):
    staff = CLINICIANS

    def counting(self) -> QuestionnaireResponseQuerySet:
        return self.filter(entered_in_error=False)


class QuestionnaireResponse(PracticeRecord):
    """One questionnaire a client answered on one day, with its score; or, of a licensed one, the score alone."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="questionnaire_responses")
    questionnaire = models.CharField(max_length=60, help_text="Key of the protocol.")
    version = models.CharField(max_length=20)
    answered_on = models.DateField()
    answers = models.JSONField(default=dict, help_text="By item; empty where only the score was entered.")
    score = models.DecimalField(max_digits=6, decimal_places=2)
    name = models.CharField(max_length=120, blank=True, help_text="Of a score-only questionnaire: which one.")
    licence_held = models.BooleanField(null=True, blank=True, help_text="Of a score-only one: the practice may use it.")
    entered_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    entered_in_error = models.BooleanField(default=False)

    privacy = {
        "questionnaire": CLINICAL, "version": PLAIN, "answered_on": PLAIN, "answers": CLINICAL, "score": CLINICAL,
        "name": CLINICAL, "licence_held": PLAIN, "entered_by": PERSONAL, "entered_in_error": PLAIN,
    }  # fmt: skip
    objects: ClassVar[QuestionnaireResponseQuerySet] = QuestionnaireResponseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-answered_on", "-created_at"]
        indexes = [models.Index(fields=["practice", "client", "-answered_on"], name="questionnaires_of_client")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(questionnaire="score_only") | ~Q(name=""), name="a_score_alone_says_of_what"
            ),
        ]


class QuestionnaireRequestQuerySet(ScopedQuerySet):
    staff = CLINICIANS
    client_path = "client__user"

    def open(self) -> QuestionnaireRequestQuerySet:
        return self.filter(response=None, withdrawn_at=None)


class QuestionnaireRequest(PracticeRecord):
    """A questionnaire that a client is asked to answer in the portal, from a day on."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="questionnaire_requests", db_index=False)
    questionnaire = models.CharField(max_length=60, help_text="Key of the protocol.")
    due_on = models.DateField(help_text="Shown from then on, in the client's calendar.")
    requested_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    answers = models.JSONField(default=dict, blank=True, help_text="So far, by item: a draft until sent.")
    response = models.OneToOneField(
        QuestionnaireResponse, null=True, blank=True, on_delete=models.PROTECT, related_name="request"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    privacy = {
        "questionnaire": CLINICAL, "due_on": PLAIN, "requested_by": PERSONAL, "answers": CLINICAL, "response": PLAIN,
        "withdrawn_at": PLAIN,
    }  # fmt: skip
    objects: ClassVar[QuestionnaireRequestQuerySet] = QuestionnaireRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["practice", "client", "due_on"], name="questionnaires_asked_for"),
            models.Index(
                fields=["due_on"], name="questionnaires_open_by_day", condition=Q(response=None, withdrawn_at=None)
            ),
        ]
