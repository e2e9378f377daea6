import pytest
from django.core.exceptions import ValidationError

from clinic.models import AuditEntry
from clinic.problems import InvalidInput
from intake.models import ConditionAnswer
from intake.services import conditions


def test_an_answer_is_a_new_row_with_its_author_and_one_audit_row(client_person, therapist):
    conditions.answer(client=client_person, condition="polio", answer="no", by=therapist)
    conditions.answer(client=client_person, condition="polio", answer={"answer": "yes", "side": "left"}, by=therapist)
    rows = ConditionAnswer.objects.all()
    assert [row.answer for row in rows] == ["no", {"answer": "yes", "side": "left"}]
    assert {row.answered_by for row in rows} == {therapist}
    audited = AuditEntry.objects.filter(verb="condition.answered", actor_user=therapist.user)
    assert audited.count() == 2
    assert {str(row.facts) for row in audited} == {"{}"}


BAD = [
    ("polio", "perhaps", "conditions.polio", "'perhaps' is not one of yes, no, unsure"),
    ("polio", None, "conditions.polio", "missing; one of yes, no, unsure"),
    ("polo", "yes", "conditions.polo", "unknown condition; did you mean polio?"),
    ("polio", {"side": "left"}, "conditions.polio.answer", "missing; one of yes, no, unsure"),
    ("hip_replacement", {"answer": "yes", "date": "spring"}, "conditions.hip_replacement.date", "is not a date like"),
]


@pytest.mark.parametrize(("condition", "answer", "path", "message"), BAD)
def test_a_bad_answer_is_named_and_nothing_is_written(client_person, therapist, condition, answer, path, message):
    with pytest.raises(InvalidInput) as refused:
        conditions.answer(client=client_person, condition=condition, answer=answer, by=therapist)
    (problem,) = refused.value.problems
    assert problem.path == path
    assert message in problem.message
    assert not ConditionAnswer.objects.exists()


def test_only_a_clinician_of_the_practice_answers(client_person, receptionist, other_therapist):
    for nobody in (receptionist, other_therapist):
        with pytest.raises(ValidationError, match="Only a clinician"):
            conditions.answer(client=client_person, condition="polio", answer="no", by=nobody)
    assert not ConditionAnswer.objects.exists()
