"""A mail server that misbehaves at a chosen step, for the recipients that a test names."""

import asyncio

from tests.mail_server import MailServer


class FaultyServer(MailServer):
    """`recipient`, `message`: what it answers, by address. `drop`: the step at which it closes the connection, by
    address: "rcpt", "after_data" (it took the message and closes without a word)."""

    def __init__(self):
        super().__init__()
        self.recipient, self.message, self.drop = {}, {}, {}
        self.sender = "250 OK"
        self.connections = 0

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.drop.get(address) == "rcpt":
            server.transport.abort()
        answer = self.recipient.get(address, "250 OK")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        if self.drop.get(address) == "after_data":
            await super().handle_DATA(server, session, envelope)
            server.transport.abort()
            await asyncio.sleep(0)
        if address in self.message:
            return self.message[address]
        return await super().handle_DATA(server, session, envelope)
