"""What a linter cannot see of the models."""

import pytest
from django.apps import apps

from clinic.models import Privacy
from clinic.models.base import PracticeRecord, Record, ScopedQuerySet

OURS = ["clinic", "intake", "assessments", "treatments"]
MAY_POINT_TO = {
    "clinic": {"clinic"},
    "intake": {"clinic", "intake"},
    "assessments": {"clinic", "assessments"},
    "treatments": {"clinic", "intake", "assessments", "treatments"},
}
# The machines' own bookkeeping: nobody opens these rows.
BOOKKEEPING = {"clinic.PlanningMark", "clinic.MailServer", "clinic.MailDomain", "clinic.Pulse"}
MODELS = [model for app in OURS for model in apps.get_app_config(app).get_models()]
OPENED = [model for model in MODELS if model._meta.label not in BOOKKEEPING]
names = [model._meta.label for model in MODELS]
opened = [model._meta.label for model in OPENED]


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_foreign_keys_go_down_only(model):
    targets = {field.related_model._meta.app_label for field in model._meta.concrete_fields if field.is_relation}
    assert targets - {"auth"} <= MAY_POINT_TO[model._meta.app_label]


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_every_field_has_a_privacy_class(model):
    undecided = []
    for field in model._meta.concrete_fields:
        try:
            assert isinstance(model.privacy_of(field.name), Privacy)
        except KeyError:
            undecided.append(field.name)
    assert not undecided, f"{model.__name__}.privacy must decide on {', '.join(undecided)}"


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_privacy_classes_name_only_fields_that_exist(model):
    assert set(model.privacy) <= {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", OPENED, ids=opened)
def test_every_row_is_ours_and_belongs_to_a_practice(model):
    assert issubclass(model, Record)
    assert issubclass(model, PracticeRecord) or model._meta.label == "clinic.Practice"


@pytest.mark.parametrize("model", OPENED, ids=opened)
def test_every_queryset_says_who_sees_it(model):
    assert issubclass(model.objects._queryset_class, ScopedQuerySet)


@pytest.mark.parametrize("model", MODELS, ids=names)
def test_indexes_of_practice_rows_begin_with_the_practice(model):
    """Except the work queues of the machines, which cross practices on purpose, and what begins with the client."""
    across = {
        "reminders_to_claim", "reminders_claimed", "reminders_by_provider_id", "programmes_to_remind_of",
        "visits_changed", "client_search", "client_of_therapist_by_name", "visits_of_therapist",
        "questionnaires_open_by_day",
    }  # fmt: skip
    for index in model._meta.indexes:
        assert index.name in across or index.fields[0] in ("practice", "client"), index.name
