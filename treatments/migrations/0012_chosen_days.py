from django.db import migrations

# A client who chooses other days of the week for the mail has another clock, too.
CREATE = """
DROP TRIGGER treatments_clock_changed ON clinic_client;
CREATE TRIGGER treatments_clock_changed AFTER UPDATE OF reminder_time, timezone, reminder_days ON clinic_client
    FOR EACH ROW
    WHEN (OLD.reminder_time IS DISTINCT FROM NEW.reminder_time OR OLD.timezone IS DISTINCT FROM NEW.timezone
          OR OLD.reminder_days IS DISTINCT FROM NEW.reminder_days)
    EXECUTE FUNCTION treatments_clinic_client_clock_changed()
"""
BACK = """
DROP TRIGGER treatments_clock_changed ON clinic_client;
CREATE TRIGGER treatments_clock_changed AFTER UPDATE OF reminder_time, timezone ON clinic_client FOR EACH ROW
    WHEN (OLD.reminder_time IS DISTINCT FROM NEW.reminder_time OR OLD.timezone IS DISTINCT FROM NEW.timezone)
    EXECUTE FUNCTION treatments_clinic_client_clock_changed()
"""


class Migration(migrations.Migration):
    dependencies = [("treatments", "0011_at_home"), ("clinic", "0017_portal_and_messages")]
    operations = [migrations.RunSQL(CREATE, BACK)]
