"""A fast real SMTP server as a process of its own, for benchmarks and faults: `python -m tests.smtp_sink --log FILE`.

It prints the port it listens on, as one line. Each accepted mail is one line in FILE, `Message-ID recipient`, written
before the answer leaves, so that duplicates and losses can be counted from outside, whoever was killed.

`--rules FILE` makes it misbehave: a JSON list, read again whenever the file changes (replace it by a rename). The first
rule that fits decides:

    {"at": "connect" | "ehlo" | "mail" | "rcpt" | "data" | "body" | "dot",
     "to": "text",         only for recipients that contain it (from "rcpt" on)
     "after": 3,           leave the first three that fit alone
     "times": 2,           then only twice
     "first_try": true,    only the first time for each recipient (greylisting)
     "delay": 0.5,         seconds before whatever follows
     "answer": "450 4.7.1 Later",
     "do": "drop" | "silence" | "accept_and_drop" | "accept_and_silence"}

Without "answer" and "do" the usual answer comes. "body" is when the first bytes of a message arrive; "accept_…" are for
"dot": the mail counts as accepted, but nobody is told.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Rule = dict[str, Any]

USUAL = {
    "connect": "220 sink ESMTP",
    "ehlo": "250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 20971520",
    "mail": "250 2.1.0 OK",
    "rcpt": "250 2.1.5 OK",
    "data": "354 Go ahead",
    "dot": "250 2.0.0 Accepted",
    "rset": "250 2.0.0 OK",
    "noop": "250 2.0.0 OK",
}
MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
END = b"\r\n.\r\n"
ADDRESS = re.compile(rb"<([^>]*)>")


class Rules:
    """What the rules file says now."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._stamp: tuple[int, int] | None = None
        self._rules: list[Rule] = []
        self._met: Counter[int] = Counter()  # by the rule's place: how often it fitted
        self._tried: set[tuple[int, bytes]] = set()

    def at(self, step: str, recipients: list[bytes]) -> Rule:
        """The rule that decides this step; empty for the usual answer."""
        if self._file is None:
            return {}
        self._read_again()
        fitting = (place for place, rule in enumerate(self._rules) if self._fits(place, rule, step, recipients))
        return next((self._rules[place] for place in fitting), {})

    def _read_again(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            seen = os.stat(self._file)
            if self._stamp != (stamp := (seen.st_mtime_ns, seen.st_ino)):
                self._rules, self._stamp = json.loads(self._file.read_text()), stamp
                self._met.clear()
                self._tried.clear()

    def _fits(self, place: int, rule: Rule, step: str, recipients: list[bytes]) -> bool:
        if rule["at"] != step or not any(rule.get("to", "").encode() in to for to in recipients or [b""]):
            return False
        if rule.get("first_try"):
            key = (place, recipients[-1] if recipients else b"")
            if key in self._tried:
                return False
            self._tried.add(key)
        self._met[place] += 1
        after = rule.get("after", 0)
        return after < self._met[place] <= after + rule.get("times", float("inf"))


class Session(asyncio.Protocol):
    """One connection. Commands that came together are answered together."""

    def __init__(self, rules: Rules, log: int) -> None:
        self._rules, self._log = rules, log
        self._buffer = bytearray()
        self._looked = 0  # up to there the buffer holds no end of the message
        self._recipients: list[bytes] = []
        self._in_body = self._body_began = self._waiting = self._over = False
        self._out: list[str] = []

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._step("connect")
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._over = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._advance()

    def _advance(self) -> None:
        while not self._waiting and not self._over and (self._read_body() if self._in_body else self._read_line()):
            pass
        self._flush()

    def _flush(self) -> None:
        if self._out and not self._over:
            self._transport.write("".join(f"{answer}\r\n" for answer in self._out).encode())
        self._out.clear()

    # --- what the client says -----------------------------------------------------------------------------------------

    def _read_line(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        self._command(line[:4].lower().decode("ascii", "replace"), line)
        return True

    def _command(self, verb: str, line: bytes) -> None:
        if verb == "mail":
            self._recipients = []
        if verb == "rcpt" and (address := ADDRESS.search(line)):
            self._recipients.append(address.group(1))
        if verb == "quit":
            self._out.append("221 2.0.0 Bye")
            self._flush()
            self._transport.close()
            self._over = True
        elif verb == "data" and not self._recipients:
            self._out.append("503 5.5.1 No recipient")
        elif verb == "helo" or verb in USUAL:
            self._step("ehlo" if verb == "helo" else verb)
        else:
            self._out.append("500 5.5.2 What?")

    def _read_body(self) -> bool:
        if self._buffer and not self._body_began:
            self._body_began = True
            self._step("body")
            return not self._over
        message = self._whole_message()
        if message is None:
            return False
        self._in_body = self._body_began = False
        self._step("dot", message)
        return True

    def _whole_message(self) -> bytes | None:
        """Taken off the buffer with its end mark; None while it is not all there."""
        end, mark = (0, 3) if self._buffer.startswith(b".\r\n") else (self._buffer.find(END, self._looked), len(END))
        if end < 0:
            self._looked = max(0, len(self._buffer) - len(END) + 1)
            return None
        message = bytes(self._buffer[:end])
        del self._buffer[: end + mark]
        self._looked = 0
        return message

    # --- what it is answered ------------------------------------------------------------------------------------------

    def _step(self, step: str, message: bytes = b"") -> None:
        rule = self._rules.at(step, self._recipients)
        if rule.get("delay"):
            self._flush()
            self._waiting = True
            asyncio.get_running_loop().call_later(rule["delay"], self._later, step, rule, message)
        else:
            self._act(step, rule, message)

    def _later(self, step: str, rule: Rule, message: bytes) -> None:
        self._waiting = False
        if not self._over:
            self._act(step, rule, message)
            self._advance()

    def _act(self, step: str, rule: Rule, message: bytes) -> None:
        do, answer = rule.get("do", ""), rule.get("answer") or USUAL.get(step, "")
        if step == "dot" and (do.startswith("accept") or (not do and answer.startswith("2"))):
            self._accept(message)
        if do.endswith("drop"):
            self._flush()
            self._transport.abort()
            self._over = True
        elif do.endswith("silence"):
            self._waiting = True
        elif answer:
            self._out.append(answer)
            self._in_body = self._in_body or answer.startswith("354")

    def _accept(self, message: bytes) -> None:
        found = MESSAGE_ID.search(message.partition(b"\r\n\r\n")[0])
        name = found.group(1) if found else b"-"
        os.write(self._log, b"".join(b"%s %s\n" % (name, to) for to in self._recipients))


async def serve(port: int, log: Path, rules: Path | None, *, with_parent: bool) -> None:
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    says = Rules(rules)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(says, file), "127.0.0.1", port, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    if with_parent:
        loop.add_reader(sys.stdin, stop.set)  # nothing is ever said there: its end is the parent's
    await stop.wait()


# --- for whoever starts one -------------------------------------------------------------------------------------------


class Sink:
    """A sink process, started. `port` stays the same over `kill()` and `start()`; `rules` are obeyed at once."""

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        self.log, self._rules = folder / "accepted.log", folder / "rules.json"
        self.port = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.smtp_sink", "--port", str(self.port), "--log", str(self.log)]
        self.process = subprocess.Popen(
            [*command, "--rules", str(self._rules), "--with-parent"],
            cwd=Path(__file__).resolve().parent.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.port = int(self.process.stdout.readline())

    def obey(self, *rules: Rule) -> None:
        fresh = self._rules.with_suffix(".new")
        fresh.write_text(json.dumps(rules))
        fresh.rename(self._rules)

    def accepted(self) -> list[tuple[str, str]]:
        """Message-ID and recipient of each accepted mail, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(name, to) for name, _, to in (line.partition(" ") for line in lines)]

    def count(self) -> int:
        return len(self.accepted())

    def duplicates(self) -> int:
        """Mails beyond the first with the same Message-ID and recipient."""
        return sum(times - 1 for times in Counter(self.accepted()).values())

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process.communicate()
            self.process = None


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.smtp_sink")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--rules", type=Path)
    parser.add_argument("--with-parent", action="store_true", help="end when the standard input ends")
    asked = parser.parse_args(arguments)
    asyncio.run(serve(asked.port, asked.log, asked.rules, with_parent=asked.with_parent))


if __name__ == "__main__":
    main()
