"""What is wrong with an input, said so that a person can mend it. Pure: every floor of every app may use it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem: `path` names the place (`measurements[3].value`), `message` the trouble and the allowed range."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class InvalidInput(ValueError):
    """Raised by whatever refuses an input as a whole; carries every problem found, never only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class EditConflict(Exception):
    """Somebody else saved in between: nothing was written, and the person sees both versions."""
