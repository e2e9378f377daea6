"""A real SMTP server for tests: it keeps what it is sent, and can be told to refuse or to be slow."""

import asyncio
import email
import email.policy
import socket
from email.message import EmailMessage

from aiosmtpd.controller import Controller


class MailServer:
    """`messages` in order of arrival. `answer` is the reply to a message, `seconds` the time before that reply."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.answer = "250 OK"
        self.seconds = 0.0
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def host(self) -> str:
        return self._controller.hostname

    @property
    def port(self) -> int:
        return self._controller.port

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server, session, envelope) -> str:  # aiosmtpd's name
        if self.answer.startswith("2"):
            content = envelope.content.replace(b"\r\n", b"\n")
            self.messages.append(email.message_from_bytes(content, policy=email.policy.default))
        answer = self.answer
        await asyncio.sleep(self.seconds)
        return answer

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if address in message["To"]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
