from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder; alone, so that it can be tried again
    dependencies = [("clinic", "0004_reminders_take_turns")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(
                fields=["provider_id"], name="reminders_by_provider_id", condition=~models.Q(provider_id="")
            ),
        ),
    ]
