"""A real IMAP server as a process of its own, with one empty mailbox."""

import contextlib
import imaplib
import subprocess
import sys
import time
from pathlib import Path

from tests.mail_server import free_port

USER, PASSWORD = "bounces@clinic.example", "pass word/1"


class ImapServer:
    def __init__(self):
        self.port = free_port()
        command = [
            str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(self.port), "--no-tls",
            "--no-service", "admin", "--no-service", "managesieve",
            "dict", "--demo-user", USER, "--demo-password", PASSWORD,
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._mailbox = self._opened()

    @property
    def url(self):
        return f"imap://bounces%40clinic.example:pass%20word%2F1@127.0.0.1:{self.port}/INBOX"

    def _opened(self):
        """One connection for all that a test does: the server takes its time over a password."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                mailbox = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
                mailbox.login(USER, PASSWORD)
                mailbox.select("INBOX")
                return mailbox
            time.sleep(0.1)
        raise AssertionError("The IMAP server did not start.")

    def put(self, raw):
        kind, _ = self._mailbox.append("INBOX", "", None, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        assert kind == "OK"

    def unread(self):
        self._mailbox.noop()
        return len(self._mailbox.uid("SEARCH", "UNSEEN")[1][0].split())

    def empty(self):
        self._mailbox.noop()
        self._mailbox.store("1:*", "+FLAGS", r"(\Deleted)")
        self._mailbox.expunge()

    def stop(self):
        self._mailbox.logout()
        self._process.kill()
        self._process.wait(10)
