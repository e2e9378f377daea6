from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder; alone, so that it can be tried again
    dependencies = [("clinic", "0005_reminders_by_provider_id")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(fields=["practice", "-due_at", "-id"], name="reminders_newest_first"),
        ),
    ]
