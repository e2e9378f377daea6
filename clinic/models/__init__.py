from clinic.models.audit import AuditEntry
from clinic.models.base import (
    CLINICAL,
    CLINICIANS,
    PERSONAL,
    PLAIN,
    STAFF,
    PracticeRecord,
    Privacy,
    Record,
    Role,
    ScopedQuerySet,
)
from clinic.models.delivery import Delivery, DeliveryEvent, MailDomain, MailServer, Pulse, PulseOf, counts_for
from clinic.models.people import Client, Sex
from clinic.models.practice import Membership, Practice
from clinic.models.reminder import ArchivedReminder, PlanningMark, Reminder, State
from clinic.models.safety import Level, SafetyAlert

__all__ = [
    "CLINICAL", "CLINICIANS", "PERSONAL", "PLAIN", "STAFF", "ArchivedReminder", "AuditEntry", "Client", "Delivery",
    "DeliveryEvent", "Level", "MailDomain", "MailServer", "Membership", "PlanningMark", "Practice", "PracticeRecord",
    "Privacy", "Pulse", "PulseOf", "Record", "Reminder", "Role", "SafetyAlert", "ScopedQuerySet", "Sex", "State",
    "counts_for",
]  # fmt: skip
