import json
import smtplib
import urllib.error
import urllib.request
from email.message import EmailMessage

import pytest

from clinic.config import mailcatcher
from tests.mail_server import free_port


@pytest.fixture
def box(tmp_path):
    smtp, page = free_port(), free_port()
    stop = mailcatcher.serve(tmp_path / "mail", smtp_port=smtp, page_port=page)

    class Box:
        folder = tmp_path / "mail"

        def send(self, subject="Your stretches", html="<p>Hello <b>you</b></p>"):
            message = EmailMessage()
            message["Subject"], message["From"], message["To"] = subject, "desk@practice.example", "ada@clients.example"
            message.set_content("Hello in text & signs <b>")
            if html:
                message.add_alternative(html, subtype="html")
            with smtplib.SMTP("127.0.0.1", smtp) as connection:
                connection.send_message(message)

        def get(self, path):
            return urllib.request.urlopen(f"http://127.0.0.1:{page}{path}", timeout=5)

        def text(self, path):
            with self.get(path) as answer:
                return answer.read().decode()

    yield Box()
    stop()


def test_an_empty_box_says_so(box):
    assert "No mail yet" in box.text("/")
    assert json.loads(box.text("/messages.json")) == []


def test_a_mail_is_kept_as_a_file_and_listed_newest_first(box):
    box.send("First")
    box.send("Second")

    assert len(list(box.folder.glob("*.eml"))) == 2
    page = box.text("/")
    assert page.index("Second") < page.index("First")
    mails = json.loads(box.text("/messages.json"))
    assert [mail["headers"]["Subject"] for mail in mails] == ["Second", "First"]
    assert mails[0]["text"] == "Hello in text & signs <b>\n"
    assert mails[0]["html"] == "<p>Hello <b>you</b></p>\n"


def test_one_mail_shows_text_headers_and_its_html_in_a_sandbox(box):
    box.send()
    name = json.loads(box.text("/messages.json"))[0]["name"]

    page = box.text(f"/{name}/")

    assert "Hello in text &amp; signs &lt;b&gt;" in page
    assert "ada@clients.example" in page
    assert f'<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" src="/{name}/html"' in page
    with box.get(f"/{name}/html") as answer:
        assert answer.headers["Content-Security-Policy"].startswith("sandbox allow-popups")
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_subject_cannot_put_markup_on_the_page(box):
    box.send("<script>alert(1)</script>")

    assert "<script>" not in box.text("/")


@pytest.mark.parametrize(
    "path", ["/nothing", "/../../settings.py", "/20260101T000000-000000/", "/20260101T000000-000000/raw"]
)
def test_what_is_not_there_is_404(box, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        box.get(path)
    refused.value.close()
    assert refused.value.code == 404
