import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("treatments", "0009_session_notes"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="sessiontechnique",
            name="techniques_of_signed_are_immutable",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessiontechnique",
            trigger=pgtrigger.compiler.Trigger(
                name="techniques_of_signed_are_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE owners uuid[];",
                    func="\n                    IF TG_OP <> 'INSERT' THEN owners := owners || OLD.note_id; END IF;\n                    IF TG_OP <> 'DELETE' THEN owners := owners || NEW.note_id; END IF;\n                    IF EXISTS (SELECT FROM treatments_sessionnote WHERE id = ANY (owners) AND state <> 'draft') THEN\n                        RAISE EXCEPTION 'session note % is signed: its techniques cannot change', owners[1];\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="20057d91c51d4459a3bf034eb3564b4943acae16",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_techniques_of_signed_are_immutable_2ddff",
                    table="treatments_sessiontechnique",
                    when="BEFORE",
                ),
            ),
        ),
    ]
