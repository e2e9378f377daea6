import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clinic.models.base


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_insert_defaults_and_latest_signed"),
        ("clinic", "0009_clients_by_word"),
        ("treatments", "0008_three_indexes_less"),
    ]

    operations = [
        migrations.CreateModel(
            name="SessionNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("held_on", models.DateField()),
                ("subjective", models.TextField(blank=True)),
                ("objective", models.TextField(blank=True)),
                ("analysis", models.TextField(blank=True, verbose_name="assessment")),
                ("plan", models.TextField(blank=True)),
                ("pain_before", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("pain_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("chart", models.JSONField(blank=True, default=list)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("waiting", "Waits for co-signature"),
                            ("signed", "Signed"),
                            ("entered_in_error", "Entered in error"),
                        ],
                        default="draft",
                        max_length=20,
                    ),
                ),
                (
                    "revision",
                    models.PositiveIntegerField(
                        default=1, help_text="Counts saves; a second editor gets both to merge."
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("cosigned_at", models.DateTimeField(blank=True, null=True)),
                (
                    "assessment",
                    models.ForeignKey(
                        blank=True,
                        help_text="What was measured in this session.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_notes",
                        to="assessments.assessment",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="session_notes",
                        to="clinic.membership",
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="session_notes",
                        to="clinic.client",
                    ),
                ),
                (
                    "cosigned_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="clinic.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["-held_on", "-created_at"],
            },
        ),
        migrations.CreateModel(
            name="SessionAmendment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("text", models.TextField()),
                ("in_error", models.BooleanField(default=False, help_text="This is why the note counts for nothing.")),
                (
                    "author",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clinic.membership",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="treatments.sessionnote",
                    ),
                ),
            ],
            options={
                "ordering": ["created_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="SessionTechnique",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("technique", models.CharField(max_length=60)),
                ("structure", models.CharField(blank=True, max_length=60)),
                ("side", models.CharField(blank=True, max_length=5)),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "for_finding",
                    models.CharField(blank=True, help_text="Code of the finding it targets.", max_length=60),
                ),
                ("for_side", models.CharField(blank=True, max_length=5)),
                ("remark", models.CharField(blank=True, max_length=200)),
                (
                    "note",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="techniques",
                        to="treatments.sessionnote",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
                    ),
                ),
            ],
            options={
                "ordering": ["place", "id"],
            },
        ),
        migrations.CreateModel(
            name="Snippet",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("label", models.CharField(max_length=40)),
                (
                    "section",
                    models.CharField(
                        blank=True, help_text="subjective, objective, analysis, plan; empty: any.", max_length=12
                    ),
                ),
                ("text", models.TextField(max_length=1000)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="snippets",
                        to="clinic.membership",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
                    ),
                ),
            ],
            options={
                "ordering": ["label", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="sessionnote",
            index=models.Index(fields=["practice", "client", "-held_on"], name="notes_of_client"),
        ),
        migrations.AddIndex(
            model_name="sessionnote",
            index=models.Index(
                condition=models.Q(("state__in", ["draft", "waiting"])),
                fields=["practice", "author", "held_on"],
                name="open_notes",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "draft"), ("state", "entered_in_error"), ("signed_at__isnull", False), _connector="OR"
                ),
                name="a_signed_note_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pain_before", None), ("pain_before__lte", 10), _connector="OR"),
                    models.Q(("pain_after", None), ("pain_after__lte", 10), _connector="OR"),
                ),
                name="pain_of_a_session_up_to_ten",
            ),
        ),
        migrations.AddConstraint(
            model_name="sessionnote",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "entered_in_error"), _negated=True),
                fields=("visit",),
                name="one_note_per_visit",
                violation_error_message="This visit has a note already.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessionnote",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_note_is_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF OLD.state = 'draft' THEN RETURN NEW; END IF;\n        IF NEW.practice_id IS DISTINCT FROM OLD.practice_id OR NEW.client_id IS DISTINCT FROM OLD.client_id OR NEW.visit_id IS DISTINCT FROM OLD.visit_id OR NEW.assessment_id IS DISTINCT FROM OLD.assessment_id OR NEW.author_id IS DISTINCT FROM OLD.author_id OR NEW.held_on IS DISTINCT FROM OLD.held_on OR NEW.subjective IS DISTINCT FROM OLD.subjective OR NEW.objective IS DISTINCT FROM OLD.objective OR NEW.analysis IS DISTINCT FROM OLD.analysis OR NEW.plan IS DISTINCT FROM OLD.plan OR NEW.pain_before IS DISTINCT FROM OLD.pain_before OR NEW.pain_after IS DISTINCT FROM OLD.pain_after OR NEW.chart IS DISTINCT FROM OLD.chart OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NOT ((OLD.state = 'waiting' AND NEW.state = 'signed') OR (OLD.state = 'waiting' AND NEW.state = 'draft') OR (OLD.state = 'waiting' AND NEW.state = 'entered_in_error') OR (OLD.state = 'signed' AND NEW.state = 'entered_in_error')) THEN\n            RAISE EXCEPTION 'session note % is signed and cannot change', OLD.id;\n        END IF;\n        RETURN NEW;\n    ",
                    hash="868fa88cf227efff6eaa59e459209039b9e58edb",
                    operation="UPDATE",
                    pgid="pgtrigger_signed_note_is_immutable_3f544",
                    table="treatments_sessionnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessionnote",
            trigger=pgtrigger.compiler.Trigger(
                name="signed_note_is_kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" IN ('waiting', 'signed', 'entered_in_error'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="6648b6d78a546fd8ddd67f2b2031f64b8e5eabe0",
                    operation="DELETE",
                    pgid="pgtrigger_signed_note_is_kept_c58d6",
                    table="treatments_sessionnote",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessionamendment",
            trigger=pgtrigger.compiler.Trigger(
                name="amendment_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="12fde0acb720c98e87ebe57f92d0376de151c74d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_amendment_stays_db0ba",
                    table="treatments_sessionamendment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="sessiontechnique",
            index=models.Index(fields=["practice", "note", "place"], name="techniques_of_note"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="sessiontechnique",
            trigger=pgtrigger.compiler.Trigger(
                name="techniques_of_signed_are_immutable",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE owner treatments_sessionnote%ROWTYPE;",
                    func="\n                    SELECT * INTO owner FROM treatments_sessionnote\n                     WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.note_id ELSE NEW.note_id END;\n                    IF owner.state <> 'draft' THEN\n                        RAISE EXCEPTION 'session note % is signed: its techniques cannot change', owner.id;\n                    END IF;\n                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n                    RETURN NEW;\n                ",
                    hash="32c267775518e168504d662c8d05c29af71ba8e3",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_techniques_of_signed_are_immutable_2ddff",
                    table="treatments_sessiontechnique",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="snippet",
            index=models.Index(fields=["practice", "owner", "label"], name="snippets_of_practice"),
        ),
    ]
