"""The full-screen message a client reads when the screen says stop. It never names a disease."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientMessage:
    title: str
    paragraphs: tuple[str, ...]


def client_message(level: str, *, emergency_number: str) -> ClientMessage | None:
    """What to tell the client at `level`; None where nothing has to interrupt the form (`none`, `ask`)."""
    if level == "emergency":
        return _emergency(emergency_number)
    if level == "urgent":
        return _urgent(emergency_number)
    return None


def _emergency(number: str) -> ClientMessage:
    return ClientMessage(
        "Please get medical help now",
        (
            "Something you told us should be checked in a hospital today, without waiting.",
            f"Go to the nearest emergency department, or call {number}. Do not drive yourself.",
            "Show them this page. Your practice sees your answers too, but do not wait for a call from us.",
            "Please do not start any exercises until a doctor has seen you.",
        ),
    )


def _urgent(number: str) -> ClientMessage:
    return ClientMessage(
        "Please see a doctor soon",
        (
            "Something you told us should be looked at by a doctor before we plan exercises with you.",
            "Contact your doctor today. Your practice sees your answers and will speak with you about them.",
            f"If you get worse while you wait, or cannot reach anyone, call {number}.",
            "Please do not start any exercises until this is clear.",
        ),
    )
