"""Phrases: one's own and the practice's, changed, removed and put back."""

import pytest
from django.urls import reverse

from clinic.models.base import uuid7
from treatments.models import Snippet
from treatments.services import sessions


def at(name, *args):
    return reverse(f"treatments:{name}", args=args)


def test_phrases(logged_in, therapist, owner):
    logged_in.post(at("snippets"), {"label": ";LBP", "text": "Low back pain.", "section": "subjective"})
    assert Snippet.objects.get().label == "lbp"
    again = logged_in.post(at("snippets"), {"label": "lbp", "text": "Again."})
    assert again.status_code == 422
    for label in ("two words", "", ";"):
        assert logged_in.post(at("snippets"), {"label": label, "text": "Again."}).status_code == 422
    hers = sessions.add_snippet(by=owner, label="hers", text="Hers.")
    ours = sessions.add_snippet(by=owner, label="ours", text="Ours.", shared=True)
    assert logged_in.get(at("change_snippet", hers.pk)).status_code == 404
    logged_in.post(at("change_snippet", ours.pk), {"label": "ours", "text": "All of ours."})
    assert Snippet.objects.get(pk=ours.pk).text == "All of ours."
    page = logged_in.get(at("snippets")).content.decode()
    assert ";ours" in page
    assert ";lbp" in page
    assert ";hers" not in page
    logged_in.post(at("remove_snippet", ours.pk))
    assert not Snippet.objects.filter(pk=ours.pk).exists()


@pytest.mark.parametrize("shared", [True, False])
def test_a_phrase_that_was_removed_comes_back_as_it_was(logged_in, therapist, shared):
    phrase = sessions.add_snippet(by=therapist, label="lbp", text="Low back pain.", section="plan", shared=shared)
    logged_in.post(at("remove_snippet", phrase.pk))
    assert "Undo" in logged_in.get(at("snippets")).content.decode()
    logged_in.post(at("put_back_snippet"), {"phrase": str(uuid7())})
    assert not Snippet.objects.exists()
    logged_in.post(at("put_back_snippet"), {"phrase": str(phrase.pk)})
    back = Snippet.objects.get()
    assert (back.label, back.text, back.section) == ("lbp", "Low back pain.", "plan")
    assert back.owner == (None if shared else therapist)
    logged_in.post(at("put_back_snippet"), {"phrase": str(phrase.pk)})
    assert Snippet.objects.count() == 1
