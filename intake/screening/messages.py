"""The full-screen message a client reads when the screen says stop. It never names a disease."""

from dataclasses import dataclass, replace

from .items import in_language


@dataclass(frozen=True, slots=True)
class ClientMessage:
    title: str
    paragraphs: tuple[str, ...]


MESSAGES = {
    "emergency": ClientMessage(
        "Please get medical help now",
        (
            "Something you told us should be checked in a hospital today, without waiting.",
            "Go to the nearest emergency department, or call {number}. Do not drive yourself.",
            "Show them this page. Your practice sees your answers too, but do not wait for a call from us.",
            "Please do not start any exercises until a doctor has seen you.",
        ),
    ),
    "urgent": ClientMessage(
        "Please see a doctor soon",
        (
            "Something you told us should be looked at by a doctor before we plan exercises with you.",
            "Contact your doctor today. Your practice sees your answers and will speak with you about them.",
            "If you get worse while you wait, or cannot reach anyone, call {number}.",
            "Please do not start any exercises until this is clear.",
        ),
    ),
}


def client_message(level: str, *, emergency_number: str, language: str = "en") -> ClientMessage | None:
    """What to tell the client at `level`; None where nothing has to interrupt the form (`none`, `ask`)."""
    if level not in MESSAGES:
        return None
    said = in_language(MESSAGES[level], language)
    return replace(said, paragraphs=tuple(line.replace("{number}", emergency_number) for line in said.paragraphs))
