from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

# Every mail changes its row three times, and a state stands in most indexes. Room in each page keeps what can stay there
# there; cleaning begins at 2 % of dead rows instead of 20 %.
ROOM = """
ALTER TABLE clinic_reminder SET (
    fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000)
"""
NO_ROOM = """
ALTER TABLE clinic_reminder RESET (
    fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor,
    autovacuum_analyze_scale_factor, autovacuum_vacuum_cost_limit)
"""


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently holds up no reminder
    dependencies = [("clinic", "0003_reminders_at_scale")]
    operations = [
        AddIndexConcurrently(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(state="planned"),
                fields=["practice", "not_before", "id"],
                name="reminders_by_practice",
            ),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
