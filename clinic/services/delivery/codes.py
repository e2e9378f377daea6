"""Status codes of RFC 3463: class, subject, detail, such as 5.1.1 “no such mailbox”."""

from __future__ import annotations

import re

CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)")

# Refusals that may end: the sender's address, mailbox full, message too long, the system, loops and time-outs,
# protocol, content, policy. 5.0 says nothing at all.
MAY_END = ("5.0", "5.1.7", "5.1.8", "5.2.2", "5.2.3", "5.3", "5.4.6", "5.4.7", "5.4.300", "5.5", "5.6", "5.7")


def code_in(text: str) -> str:
    """The first status code in a server's answer; empty without one. (Four numbers in a row are an IP address.)"""
    found = CODE.search(text)
    return found.group(1) if found else ""


def is_permanent(code: str) -> bool:
    """Whether the address itself is the trouble, so that trying again is no use."""
    return code.startswith("5.") and not f"{code}.".startswith(tuple(f"{soft}." for soft in MAY_END))
