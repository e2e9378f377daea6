import io

import pytest
from pypdf import PdfReader

from clinic import paper
from tests.benchmarks.untraced import untraced
from tests.treatments.conftest import make_running
from treatments.planning import LIBRARY
from treatments.queries.paper import programme_pdf
from treatments.services import programmes

pytestmark = [pytest.mark.django_db, pytest.mark.needs("paper")]


@pytest.fixture(autouse=True)
def _unwatched():
    """What makes a PDF is not measured, and takes twice as long when watched."""
    with untraced():
        yield


def read(made: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture
def filled(draft, practice, client_person, therapist):
    practice.address, practice.phone = "Mill Lane 3, Riverside", "+49 30 1234567"
    practice.save()
    draft.note = "Take your time."
    draft.save()
    draft.client.practice.refresh_from_db()
    return draft


def test_everything_the_client_needs_stands_on_it(filled):
    reader = read(programme_pdf(filled))
    said = text_of(reader)
    for words in (
        "Riverside Bodywork", "Mill Lane 3, Riverside", "+49 30 1234567", "Ada Brandt", "Take your time.",
        "Half-kneeling hip flexor stretch", "Right side", "Hold 30 seconds, 2 times", "Mon to Fri",
        "When something hurts", "more than 4 out of 10", "Tick off what you did", "1 of",
    ):  # fmt: skip
        assert words in said, words
    for item in filled.items.all():
        assert all(step in said for step in item.about.steps)


def test_it_is_tagged_has_a_title_and_a_language(filled):
    reader = read(programme_pdf(filled))
    assert reader.metadata.title == "Home programme of Ada Brandt"
    assert reader.root_object["/Lang"] == "en"
    assert reader.root_object["/MarkInfo"]["/Marked"]
    figures = [row for row in tags(reader.root_object["/StructTreeRoot"]) if row.get("/S") == "/Figure"]
    assert len([row for row in figures if "/Alt" in row]) == filled.items.count()


def tags(row):
    row = row.get_object()
    if not hasattr(row, "get"):
        return
    yield row
    children = row.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        if hasattr(child.get_object(), "get"):
            yield from tags(child)


@pytest.mark.parametrize(("size", "points"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_it_is_as_large_as_the_practice_prints(filled, size, points):
    filled.client.practice.paper = size
    page = read(programme_pdf(filled)).pages[0].mediabox
    assert (round(page.width), round(page.height)) == points


def test_precautions_are_on_it_and_what_is_stopped_is_not(client_person, at_noon):
    programme = make_running(client_person, weekdays=[(1, 3), (2,)])
    first, second = programme.items.all()
    first.changes = ["Hold on to a chair, and keep the stretch mild."]
    first.save()
    second.stopped_at = programme.published_at
    second.save()
    said = text_of(read(programme_pdf(programme)))
    assert "For you: Hold on to a chair, and keep the stretch mild." in said
    assert second.about.name not in said


@pytest.mark.parametrize("count", [1, 12])
def test_no_exercise_is_torn_apart(draft, therapist, count):
    draft.items.all().delete()
    keys = list(LIBRARY)[:count]
    for key in keys:
        reason = "For the picture."
        programmes.add_item(
            programme=draft, exercise=key, side="left" if LIBRARY[key].sided else "", by=therapist, reason=reason
        )
    reader = read(programme_pdf(draft))
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    for number, key in enumerate(keys, 1):
        on = [page for page in pages if f"{number}. {LIBRARY[key].name}" in page and LIBRARY[key].steps[0] in page]
        assert on, key
        assert all(step in on[0] for step in LIBRARY[key].steps), key
    assert len(pages) <= (1 if count == 1 else 6)


def test_nothing_is_fetched_but_our_own_files(monkeypatch):
    import socket

    def no(*_args, **_kwargs):
        raise AssertionError("a PDF reached for the network")

    monkeypatch.setattr(socket.socket, "connect", no)
    page = "<html lang='en'><head><title>T</title></head><body><p>Here</p>{}</body></html>"
    assert "Here" in text_of(read(paper.pdf(page.format(""), paper="a4")))
    for address in ("https://example.org/a.png", "file:///etc/passwd", "http://static.invalid/../manage.py"):
        with pytest.raises(ValueError, match=r"static files only|base path|no static file"):
            paper.pdf(page.format(f"<img alt='x' src='{address}'>"), paper="a4")


def test_a_name_cannot_write_markup(draft):
    draft.client.given_name = "<b>Ada</b>"
    assert "<b>Ada</b> Brandt" in text_of(read(programme_pdf(draft)))


def test_drawings_have_their_colours_inside():
    style = paper.svg_style(("clinic/css/figure.css",))
    assert ".drawing .b-near { fill: #f6efe6" in style
    assert "var(" not in style
