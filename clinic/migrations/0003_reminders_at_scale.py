import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import clinic.models.base

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
    dependencies = [
        ("clinic", "0002_uuid7"),
    ]

    operations = [
        migrations.CreateModel(
            name="ArchivedReminder",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.UUIDField(help_text="What it is about, such as a programme.")),
                ("local_date", models.DateField(help_text="The client's calendar day.")),
                ("slot", models.PositiveSmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("claimed", "Being sent"),
                            ("sent", "Sent"),
                            ("skipped", "Not sent"),
                            ("failed", "Failed"),
                            ("uncertain", "Uncertain"),
                        ],
                        default="planned",
                        max_length=10,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why it was skipped, failed or is uncertain.", max_length=200
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_by", models.CharField(blank=True, max_length=80)),
                ("handing_over_at", models.DateTimeField(blank=True, null=True)),
                ("counted", models.BooleanField(default=False, help_text="Takes the client's one message of the day.")),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, help_text="A person dealt with the failure.", null=True)),
                (
                    "provider_id",
                    models.CharField(
                        blank=True, db_default="", help_text="The mail service's own name.", max_length=200
                    ),
                ),
                ("archived_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "ordering": ["-due_at"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DeliveryEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("reminder", models.UUIDField()),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("deferred", "On its way"),
                            ("delivered", "Delivered"),
                            ("rejected", "Refused"),
                            ("bounced", "Came back"),
                            ("complained", "Marked as unwanted"),
                        ],
                        max_length=10,
                    ),
                ),
                ("permanent", models.BooleanField(default=False, help_text="It will not get better by trying again.")),
                ("code", models.CharField(blank=True, help_text="Status of RFC 3463, such as 5.1.1.", max_length=20)),
                ("source", models.CharField(help_text="A provider, `mailbox`, or `smtp`.", max_length=40)),
                (
                    "sent_to",
                    models.CharField(
                        blank=True, db_default="", help_text="Fingerprint of the address it went to.", max_length=16
                    ),
                ),
                ("event_id", models.CharField(help_text="The source's own name of this report.", max_length=200)),
                ("happened_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["happened_at"],
            },
        ),
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("domain", models.CharField(max_length=255)),
                ("first_used_at", models.DateTimeField()),
                ("minute", models.DateTimeField()),
                ("used", models.PositiveIntegerField(default=0)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("practice", "domain"), name="one_row_per_domain")],
            },
        ),
        migrations.CreateModel(
            name="MailServer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "key",
                    models.CharField(help_text="Host and port, or the e-mail backend.", max_length=120, unique=True),
                ),
                ("failures", models.PositiveIntegerField(default=0, help_text="In a row.")),
                ("down_since", models.DateTimeField(blank=True, null=True)),
                ("rest_until", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("clock", "Clock"), ("worker", "Worker"), ("total", "All workers together")],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(blank=True, help_text="The host.", max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "lag",
                    models.FloatField(default=0, help_text="Seconds from the clock's tick to the work, last time."),
                ),
                ("sent", models.PositiveBigIntegerField(default=0)),
                ("skipped", models.PositiveBigIntegerField(default=0)),
                ("failed", models.PositiveBigIntegerField(default=0)),
                ("uncertain", models.PositiveBigIntegerField(default=0)),
                ("retried", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="client",
            name="email_refused_at",
            field=models.DateTimeField(
                blank=True, help_text="The client withdrew their consent to mail of any kind.", null=True
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="provider_id",
            field=models.CharField(blank=True, db_default="", help_text="The mail service's own name.", max_length=200),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="archivedreminder",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="archivedreminder",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="deliveryevent",
            name="client",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="delivery_events", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="deliveryevent",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddConstraint(
            model_name="pulse",
            constraint=models.UniqueConstraint(fields=("role", "name"), name="one_pulse_each"),
        ),
        migrations.AddIndex(
            model_name="archivedreminder",
            index=models.Index(fields=["practice", "client", "-due_at"], name="archived_of_client"),
        ),
        migrations.AddIndex(
            model_name="deliveryevent",
            index=models.Index(fields=["practice", "reminder", "happened_at"], name="reports_of_reminder"),
        ),
        migrations.AddConstraint(
            model_name="deliveryevent",
            constraint=models.UniqueConstraint(fields=("source", "event_id"), name="one_row_per_report"),
        ),
        migrations.RunSQL(ROOM, NO_ROOM),
    ]
