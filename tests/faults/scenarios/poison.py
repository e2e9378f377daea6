"""Rows that cannot be sent, beside others that can."""

from tests.faults.scenario import scenario

MAILS = 60
NO_ADDRESSES = [
    "no-at-sign",
    "@nobody.example",
    "a@b@c.example",
    "two words@a.example",
    "jürgen@a.example",
    f"x@{'ä' * 70}.example",
    "a@b.example>\r\nRCPT TO:<eve@evil.example",
]
NAMES = [
    "Ada\r\nBcc: eve@evil.example",
    "Ada\nX-Injected: yes",
]
ODD_NAMES = ["𝕏" * 80, 'Ada "the" <eve@evil.example>,', "עדה ‮ Ada", "=?utf-8?q?Ada?=", "." * 80]


def change(stage, numbers, column, values):
    for number, value in zip(numbers, values, strict=True):
        stage.database.ask(f"UPDATE clinic_client SET {column} = %s WHERE ref = %s", [value, f"C{number}"])


@scenario(
    "Addresses that are none, one with a line break, stand beside healthy ones", short=True, failed=len(NO_ADDRESSES)
)
def _(stage):
    change(stage, range(5, 5 + len(NO_ADDRESSES)), "email", NO_ADDRESSES)
    stage.fill(MAILS)
    stage.worker()


@scenario("Names with line breaks and a header of their own", failed=len(NAMES))
def _(stage):
    change(stage, range(5, 5 + len(NAMES)), "given_name", NAMES)
    stage.fill(MAILS)
    stage.worker()


@scenario("Names as long as they can be, in all kinds of letters and signs")
def _(stage):
    change(stage, range(5, 5 + len(ODD_NAMES)), "given_name", ODD_NAMES)
    stage.fill(MAILS)
    stage.worker()


@scenario("The template breaks for three clients", failed=3)
def _(stage):
    change(stage, (5, 6, 30), "family_name", ["Breaks"] * 3)
    stage.fill(MAILS)
    stage.worker()


@scenario("The template breaks for every client in one process, and in the other for none", failed=None)
def _(stage):
    stage.fill(MAILS)
    stage.worker(broken_templates=True, rules={"attempts": 40})
    stage.worker(rules={"attempts": 40})
