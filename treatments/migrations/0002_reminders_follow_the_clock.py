from django.db import migrations

# `remind_at` is worked out ahead from the client's clock. When that clock changes, by whatever writes it, the reminder
# has to look again; no column of ours is in those tables, so the database tells us.
TABLES = (("clinic_client", "client_id"), ("clinic_practice", "practice_id"))

CREATE = """
CREATE FUNCTION treatments_{table}_clock_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE treatments_programme SET remind_at = clock_timestamp() WHERE {column} = NEW.id AND state = 'published';
    RETURN NULL;
END $$;
CREATE TRIGGER treatments_clock_changed AFTER UPDATE OF reminder_time, timezone ON {table} FOR EACH ROW
    WHEN (OLD.reminder_time IS DISTINCT FROM NEW.reminder_time OR OLD.timezone IS DISTINCT FROM NEW.timezone)
    EXECUTE FUNCTION treatments_{table}_clock_changed()
"""
DROP = "DROP TRIGGER treatments_clock_changed ON {table}; DROP FUNCTION treatments_{table}_clock_changed()"


class Migration(migrations.Migration):
    dependencies = [("treatments", "0001_initial"), ("clinic", "0002_uuid7")]
    operations = [
        migrations.RunSQL(CREATE.format(table=table, column=column), DROP.format(table=table))
        for table, column in TABLES
    ]
