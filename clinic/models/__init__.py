from clinic.models.attention import Attention
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
from clinic.models.files import ClientFile
from clinic.models.message import Message
from clinic.models.people import Client, MailDetail, Sex
from clinic.models.practice import Logo, Membership, Paper, Practice
from clinic.models.reminder import ArchivedReminder, PlanningMark, Reminder, State
from clinic.models.safety import Level, SafetyAlert
from clinic.models.visit import STANDING, Absence, Hours, Location, Purpose, Room, Visit, VisitState

__all__ = [
    "CLINICAL", "CLINICIANS", "PERSONAL", "PLAIN", "STAFF", "STANDING", "Absence", "ArchivedReminder", "Attention",
    "AuditEntry", "Client", "ClientFile", "Delivery", "DeliveryEvent", "Hours", "Level", "Location", "Logo",
    "MailDetail", "MailDomain", "MailServer", "Membership", "Message", "Paper", "PlanningMark", "Practice",
    "PracticeRecord", "Privacy", "Pulse", "PulseOf", "Purpose", "Record", "Reminder", "Role", "Room", "SafetyAlert",
    "ScopedQuerySet", "Sex", "State", "Visit", "VisitState", "counts_for",
]  # fmt: skip
