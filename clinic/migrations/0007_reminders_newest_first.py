import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder
    dependencies = [("clinic", "0006_delivery_reports")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(fields=["practice", "-due_at", "-id"], name="reminders_newest_first"),
        ),
        # Three others begin with the practice.
        migrations.AlterField(
            model_name="reminder",
            name="practice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="clinic.practice",
            ),
        ),
    ]
