import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0004_sheets_as_typed"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="finding",
            name="findings_of_signed_are_immutable",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="reading",
            name="readings_of_signed_are_immutable",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="findings_of_signed_are_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE owners uuid[];",
                    func="\n            IF TG_OP <> 'INSERT' THEN owners := owners || OLD.assessment_id; END IF;\n            IF TG_OP <> 'DELETE' THEN owners := owners || NEW.assessment_id; END IF;\n            IF EXISTS (SELECT FROM assessments_assessment WHERE id = ANY (owners) AND state <> 'draft') THEN\n                RAISE EXCEPTION 'assessment % is signed: its % cannot change', owners[1], TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="b3562ddcbb3cdb0f30a756fde4fceb7f68901162",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_findings_of_signed_are_immutable_ee3c0",
                    table="assessments_finding",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="reading",
            trigger=pgtrigger.compiler.Trigger(
                name="readings_of_signed_are_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE owners uuid[];",
                    func="\n            IF TG_OP <> 'INSERT' THEN owners := owners || OLD.assessment_id; END IF;\n            IF TG_OP <> 'DELETE' THEN owners := owners || NEW.assessment_id; END IF;\n            IF EXISTS (SELECT FROM assessments_assessment WHERE id = ANY (owners) AND state <> 'draft') THEN\n                RAISE EXCEPTION 'assessment % is signed: its % cannot change', owners[1], TG_TABLE_NAME;\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ",
                    hash="dad3ed4a571349f2c2edc410fac838bc461528bb",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_readings_of_signed_are_immutable_d1446",
                    table="assessments_reading",
                    when="BEFORE",
                ),
            ),
        ),
    ]
