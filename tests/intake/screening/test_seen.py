"""What an open page has seen: two who change the same form at once, and nobody's work is overwritten unseen."""

import pytest

from intake.screening.seen import Seen

NOW = {"a": "A", "b": "B"}


def test_a_token_comes_back_as_it_went():
    seen = Seen.of(NOW | {"": {"title": "x"}}, 12)
    assert Seen.read(str(seen)) == seen


@pytest.mark.parametrize("token", ["", "x", "~~", "-1~a", "9" * 400, "٣~a=b"])
def test_whatever_somebody_sends_instead_is_read(token):
    assert Seen.read(token).revision == 0


@pytest.mark.parametrize(
    ("mine", "kept", "both"),
    [
        ({"a": "A2"}, {"a": "A2", "b": "B"}, []),  # only mine changed
        ({"a": "A", "b": "B"}, {"a": "A", "b": "B"}, []),
        ({"a": None}, {"b": "B"}, []),
        ({"c": "C"}, {"a": "A", "b": "B", "c": "C"}, []),
        ({"c": None}, NOW, []),
    ],
)
def test_who_saw_everything_changes_everything(mine, kept, both):
    assert Seen.of(NOW, 3).merged(NOW, mine) == (kept, both)


@pytest.mark.parametrize(
    ("was", "mine", "kept", "both"),
    [
        ({"a": "A0", "b": "B"}, {"a": "A0", "b": "B2"}, {"a": "A", "b": "B2"}, []),  # a by them, b by me
        ({"a": "A0", "b": "B"}, {"a": "A2", "b": "B"}, NOW, ["a"]),  # a by both
        ({"a": "A0", "b": "B"}, {"a": None, "b": "B"}, NOW, ["a"]),  # I took away what they changed
        ({}, {"a": "A2"}, NOW, ["a"]),  # both made it
        ({}, {"a": "A"}, NOW, []),  # both made the same
        ({**NOW, "c": "C"}, {"c": "C"}, NOW, []),  # they took it away, I left it
        ({**NOW, "c": "C"}, {"c": "C2"}, {**NOW, "c": "C2"}, []),  # they took away what I changed
    ],
)
def test_what_somebody_else_changed_stays(was, mine, kept, both):
    assert Seen.of(was, 2).merged(NOW, mine) == (kept, both)


def test_saving_mine_is_not_seeing_theirs():
    before = Seen.of({"a": "A0", "b": "B"}, 2)
    after = before.after({"a": "A", "b": "B2"}, {"a": "A0", "b": "B2"}, 4)
    assert after == Seen(2, {**before.prints, **Seen.of({"b": "B2"}, 4).prints})
    assert after.merged({"a": "A", "b": "B2"}, {"a": "A0", "b": "B3"}) == ({"a": "A", "b": "B3"}, [])
    assert before.after({"a": "A1", "b": "B"}, {"a": "A1", "b": "B"}, 3).revision == 3
