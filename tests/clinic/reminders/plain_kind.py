"""A kind for tests: says what it is told to say. `worker_process.py` uses it in a process of its own."""

from clinic.reminders import Letter, ReminderKind


class PlainKind(ReminderKind):
    key = "plain"
    label = "Plain reminder"

    def __init__(self, key="plain", **attributes):
        self.key = key
        self.against = {}
        self.__dict__.update(attributes)

    def unwanted(self, reminders):
        return {row.pk: self.against[row.client_id] for row in reminders if row.client_id in self.against}

    def compose(self, reminders):
        return {row.pk: self.letter(row) for row in reminders}

    def letter(self, row):
        return Letter(subject="Your day", text=f"Hello {row.client}\n", html=f"<p>Hello {row.client}</p>")
