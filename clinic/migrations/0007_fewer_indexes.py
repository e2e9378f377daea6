import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0006_reminders_newest_first")]
    operations = [
        # Other indexes begin with the practice. Dropping them waits for running statements, and takes no time itself.
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
        migrations.AlterField(
            model_name="reminder",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="reminders",
                to="clinic.client",
            ),
        ),
    ]
