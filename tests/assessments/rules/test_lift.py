import pytest

from assessments.rules import Facts, reason


@pytest.fixture
def consider(read):
    def run(*rows, **facts):
        return reason(read(*rows), Facts(age=40, **facts)).lift

    return run


def imaging(row, mm):
    return row("leg_length_difference_imaging", "left", mm, instrument="radiograph")


def test_no_lift_without_imaging(consider, row):
    large = [row("leg_length_difference_true", "left", 30), row("leg_length_difference_block", "left", 25)]
    assert consider(*large).as_dict() == {"may_be_considered": False, "because": ["no imaging on file"]}
    assert consider().may_be_considered is False


def test_no_lift_when_imaging_shows_less_than_five_millimetres(consider, row):
    found = consider(imaging(row, 4.9))
    assert (found.may_be_considered, found.because) == (False, ("imaging shows no difference of 5 mm or more",))


def test_a_confirmed_difference_gives_seventy_percent_to_consider_and_a_review(consider, row):
    found = consider(imaging(row, 10))
    words = " ".join(found.because)
    assert found.may_be_considered
    assert "7 mm, under the left side" in words
    assert "review after 2-4 weeks" in words
    assert "our own working value" in words
    assert "first" not in words


@pytest.mark.parametrize(("mm", "said"), [(8.5, False), (9, True)])
def test_what_does_not_fit_into_a_shoe_is_said(consider, row, mm, said):
    assert ("under the sole" in " ".join(consider(imaging(row, mm)).because)) is said


def test_the_functional_part_and_an_orthopaedic_opinion_come_first(consider, row):
    tight = row("iliopsoas_length", "right", grade="moderate")
    mixed = consider(imaging(row, 10), tight)
    assert mixed.may_be_considered
    assert "treat the functional part first, then reconsider" in mixed.because
    assert "orthopaedic opinion first" in consider(imaging(row, 20)).because
