from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder; alone, so that it can be tried again
    dependencies = [("clinic", "0003_reminders_at_scale")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(
                fields=["practice", "not_before", "id"],
                name="reminders_by_practice",
                condition=models.Q(state="planned"),
            ),
        ),
    ]
