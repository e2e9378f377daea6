from clinic.models import SafetyAlert
from clinic.models.base import uuid7


def a_question(client):
    SafetyAlert.objects.create(
        practice=client.practice, client=client, level="ask", because=["Diabetes"], source="x", source_id=uuid7()
    )
