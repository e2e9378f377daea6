import django.db.models.deletion
from django.db import migrations, models

INDEX = "clinic_visit_therapist_id_402dd338"


class Migration(migrations.Migration):
    """The index of the foreign key goes: the one of 0019 begins with the same column.

    Django would drop the foreign key and make it again, which reads every visit while nobody may log in.
    """

    atomic = False
    dependencies = [("clinic", "0019_visits_of_therapist")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {INDEX}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {INDEX} ON clinic_visit (therapist_id)",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="visit",
                    name="therapist",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="clinic.membership",
                    ),
                ),
            ],
        ),
    ]
