"""The demo's mail box: an SMTP server that sends nothing on, and a page that shows what it was given.

`python -m clinic.config.mailcatcher --smtp-port 1025 --page-port 8025 --folder var/mail`. One .eml file is one
mail; the page reads the folder. Pages: `/`, `/NAME/`, `/NAME/html`, `/NAME/raw`, and `/messages.json` for programs.
"""

import argparse
import email
import email.policy
import json
import re
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
NAME = re.compile(r"/(\d{8}T\d{6}-\d{6})/(html|raw)?")
STYLE = Path(__file__).with_suffix(".css").read_text()
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body>{body}</body></html>"""
# A mail may show itself and open links in a new tab; it may not run or load anything.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
MAIL_POLICY = f"sandbox {SANDBOX}; default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'"


class Mailbox:
    """A folder of mails. Names sort by time of arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content or b""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S-%f}"
        unfinished = self.folder / f"{name}.unfinished"
        unfinished.write_bytes(content if isinstance(content, bytes) else content.encode())
        unfinished.rename(self.folder / f"{name}.eml")
        return "250 OK"

    def names(self) -> list[str]:
        return sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)

    def raw(self, name: str) -> bytes:
        return (self.folder / f"{name}.eml").read_bytes()

    def read(self, name: str) -> EmailMessage:
        return email.message_from_bytes(self.raw(name), policy=email.policy.default)


def part(message: EmailMessage, kind: str) -> str | None:
    body = message.get_body((kind,))
    return body.get_content().replace("\r\n", "\n") if body else None


def as_dict(mailbox: Mailbox, name: str) -> dict[str, Any]:
    message = mailbox.read(name)
    headers = {key: str(value) for key, value in message.items()}
    return {"name": name, "headers": headers, "text": part(message, "plain"), "html": part(message, "html")}


def list_page(mailbox: Mailbox) -> str:
    rows = "".join(_row(mailbox, name) for name in mailbox.names())
    body = f"<ul>{rows}</ul>" if rows else "<p>No mail yet. This page looks again every few seconds.</p>"
    head = '<meta http-equiv="refresh" content="5">'
    heading = "<h1>Mail box of the demo</h1><p>What the software sends ends here. Nothing goes out.</p>"
    return PAGE.format(title="Mail box of the demo", head=head, style=STYLE, body=heading + body)


def _row(mailbox: Mailbox, name: str) -> str:
    message = mailbox.read(name)
    subject, to = escape(str(message["Subject"] or "(no subject)")), escape(str(message["To"] or ""))
    return f'<li><a href="/{name}/">{subject}<time>{_when(name)}</time><span>{to}</span></a></li>'


def _when(name: str) -> str:
    return f"{datetime.strptime(f'{name}+0000', '%Y%m%dT%H%M%S-%f%z'):%d %b %H:%M:%S} UTC"


def message_page(mailbox: Mailbox, name: str) -> str:
    message = mailbox.read(name)
    subject = escape(str(message["Subject"] or "(no subject)"))
    headers = "".join(f"<dt>{escape(key)}</dt><dd>{escape(str(value))}</dd>" for key, value in message.items())
    body = f'<p><a href="/">All mails</a></p><h1>{subject}</h1>'
    if part(message, "html") is not None:
        body += f'<h2>HTML part</h2><iframe sandbox="{SANDBOX}" src="/{name}/html" title="HTML part"></iframe>'
    text = part(message, "plain")
    if text is not None:
        body += f"<h2>Text part</h2><pre>{escape(text)}</pre>"
    body += f'<h2>Headers</h2><dl>{headers}</dl><p><a href="/{name}/raw">As it was sent</a></p>'
    return PAGE.format(title=subject, head="", style=STYLE, body=body)


class Pages(BaseHTTPRequestHandler):
    mailbox: Mailbox

    def do_GET(self) -> None:
        found = NAME.fullmatch(self.path)
        try:
            if self.path == "/":
                self._answer(list_page(self.mailbox))
            elif self.path == "/messages.json":
                mails = [as_dict(self.mailbox, name) for name in self.mailbox.names()]
                self._answer(json.dumps(mails, indent=1), kind="application/json")
            elif found:
                self._mail(found[1], found[2])
            else:
                self.send_error(HTTPStatus.NOT_FOUND)
        except FileNotFoundError:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _mail(self, name: str, which: str | None) -> None:
        if which == "raw":
            self._answer(self.mailbox.raw(name).decode(errors="replace"), kind="text/plain")
        elif which == "html":
            html = part(self.mailbox.read(name), "html") or ""
            self._answer(f'<base target="_blank">{html}', policy=MAIL_POLICY)
        else:
            self._answer(message_page(self.mailbox, name))

    def _answer(self, text: str, *, kind: str = "text/html", policy: str = PAGE_POLICY) -> None:
        content = text.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the page asks again every few seconds."""


def serve(folder: Path, *, smtp_port: int, page_port: int) -> Callable[[], None]:
    """Start both servers in threads; returns what stops them."""
    mailbox = Mailbox(folder)
    smtp = Controller(mailbox, hostname=HOST, port=smtp_port)
    pages = ThreadingHTTPServer((HOST, page_port), type("PagesOfMailbox", (Pages,), {"mailbox": mailbox}))
    smtp.start()
    thread = threading.Thread(target=pages.serve_forever, daemon=True)
    thread.start()

    def stop() -> None:
        smtp.stop()
        pages.shutdown()
        pages.server_close()
        thread.join()

    return stop


def main() -> None:
    parser = argparse.ArgumentParser(description="A mail server that keeps everything and a page that shows it.")
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--page-port", type=int, default=8025)
    parser.add_argument("--folder", type=Path, default=Path("var/mail"))
    given = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    stop = serve(given.folder, smtp_port=given.smtp_port, page_port=given.page_port)
    stopped.wait()
    stop()


if __name__ == "__main__":
    main()
