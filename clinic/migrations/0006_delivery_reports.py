from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder
    dependencies = [("clinic", "0004_reminders_take_turns")]
    operations = [
        migrations.AddField(
            model_name="deliveryevent",
            name="sent_to",
            field=models.CharField(
                blank=True, db_default="", help_text="Fingerprint of the address it went to.", max_length=16
            ),
        ),
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("provider_id", ""), _negated=True),
                fields=["provider_id"],
                name="reminders_by_provider_id",
            ),
        ),
    ]
