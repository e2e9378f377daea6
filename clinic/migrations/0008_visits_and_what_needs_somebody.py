import django.contrib.postgres.constraints
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import clinic.models.base
import clinic.models.files
import clinic.models.visit


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0007_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # A range of ids, for the exclusion constraints of visits: no extension needed, and no right but this schema's.
        migrations.RunSQL("CREATE TYPE clinic_uuidrange AS RANGE (subtype = uuid)", "DROP TYPE clinic_uuidrange"),
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["starts_at"],
            },
        ),
        migrations.CreateModel(
            name="Attention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("kind", models.CharField(max_length=40)),
                (
                    "subject",
                    models.UUIDField(help_text="What it is about, such as a programme; the client where nothing else."),
                ),
                ("since", models.DateTimeField(help_text="When it began to be so.")),
                ("facts", models.JSONField(default=dict, help_text="What its sentence says: numbers and days.")),
                ("rank", models.PositiveSmallIntegerField(default=50, help_text="Lower comes first.")),
                ("put_off_until", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["rank", "-since", "id"],
            },
        ),
        migrations.CreateModel(
            name="ClientFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=200)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("content", models.FileField(max_length=200, upload_to=clinic.models.files.where_it_lies)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.")),
                ("sha256", models.CharField(max_length=64)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Hours",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("weekday", models.PositiveSmallIntegerField(help_text="ISO: 1 is Monday.")),
                ("opens", models.TimeField()),
                ("closes", models.TimeField()),
            ],
            options={
                "ordering": ["weekday", "opens"],
            },
        ),
        migrations.CreateModel(
            name="Location",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=80)),
                ("address", models.CharField(blank=True, max_length=200)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=80)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clinic.models.base.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("first", "First visit"),
                            ("follow_up", "Follow-up"),
                            ("reassessment", "Re-assessment"),
                        ],
                        default="follow_up",
                        max_length=20,
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="For the practice only.", max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("booked", "Booked"),
                            ("done", "Came"),
                            ("no_show", "Did not come"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="booked",
                        max_length=10,
                    ),
                ),
                ("state_because", models.CharField(blank=True, max_length=200)),
                (
                    "revision",
                    models.PositiveIntegerField(default=1, help_text="Counts changes; a second editor is told."),
                ),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["starts_at", "id"],
            },
        ),
        migrations.AddField(
            model_name="client",
            name="phone",
            field=phonenumber_field.modelfields.PhoneNumberField(
                blank=True, db_default="", default="", max_length=128, region=None
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="calendar_key",
            field=models.PositiveIntegerField(
                db_default=1, default=1, editable=False, help_text="Part of the feed’s address; a new one ends the old."
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="supervisor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of a trainee: who signs their session notes with them.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="trainees",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="address",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="practice",
            name="country",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Two letters, such as DE: how phone numbers without a country code are read.",
                max_length=2,
                validators=[django.core.validators.RegexValidator("^[A-Z]{2}$")],
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="keep_years",
            field=models.PositiveSmallIntegerField(
                db_default=10,
                default=10,
                help_text="How long records are kept after the last contact.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)],
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="mail_name",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="The sender's name in mails; empty: the name.",
                max_length=80,
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="measuring",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                help_text="What the measuring screen begins with: the instrument, and mode and position of each measure.",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="paper",
            field=models.CharField(
                choices=[("a4", "A4"), ("letter", "Letter")], db_default="a4", default="a4", max_length=6
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="phone",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="practice",
            name="reassess_after_days",
            field=models.PositiveSmallIntegerField(
                db_default=42,
                default=42,
                validators=[django.core.validators.MinValueValidator(7), django.core.validators.MaxValueValidator(365)],
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="reassess_after_sessions",
            field=models.PositiveSmallIntegerField(
                db_default=6,
                default=6,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)],
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="visit_minutes",
            field=models.PositiveSmallIntegerField(
                db_default=60,
                default=60,
                validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(480)],
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="visit_reminder_hours",
            field=models.PositiveSmallIntegerField(
                db_default=24,
                default=24,
                help_text="How long before a visit its reminder leaves; 0: none does.",
                validators=[django.core.validators.MaxValueValidator(168)],
            ),
        ),
        migrations.AlterField(
            model_name="client",
            name="search",
            field=models.CharField(editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name="absence",
            name="member",
            field=models.ForeignKey(
                blank=True,
                help_text="Who is away; empty: the practice is closed.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="attention",
            name="client",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="attention",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="attention",
            name="put_off_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="clientfile",
            name="added_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="clientfile",
            name="client",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="files", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="clientfile",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="hours",
            name="member",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose working hours; empty: the practice is open.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hours",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="hours",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="location",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rooms", to="clinic.location"
            ),
        ),
        migrations.AddField(
            model_name="room",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="booked_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clinic.membership",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="client",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="visits", to="clinic.client"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="room",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="clinic.room",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="therapist",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="visits", to="clinic.membership"
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["practice", "ends_at"], name="absences_of_practice"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="an_absence_ends_after_it_begins"
            ),
        ),
        migrations.AddIndex(
            model_name="attention",
            index=models.Index(fields=["practice", "rank", "-since", "id"], name="attention_in_order"),
        ),
        migrations.AddIndex(
            model_name="attention",
            index=models.Index(fields=["practice", "client"], name="attention_of_client"),
        ),
        migrations.AddConstraint(
            model_name="attention",
            constraint=models.UniqueConstraint(
                fields=("practice", "kind", "client", "subject"), name="one_attention_per_subject"
            ),
        ),
        migrations.AddIndex(
            model_name="clientfile",
            index=models.Index(fields=["practice", "client", "-created_at"], name="files_of_client"),
        ),
        migrations.AddIndex(
            model_name="hours",
            index=models.Index(fields=["practice", "weekday"], name="hours_of_practice"),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes__gt", models.F("opens"))), name="hours_end_after_they_begin"
            ),
        ),
        migrations.AddConstraint(
            model_name="hours",
            constraint=models.CheckConstraint(
                condition=models.Q(("weekday__gte", 1), ("weekday__lte", 7)), name="hours_are_of_a_weekday"
            ),
        ),
        migrations.AddConstraint(
            model_name="location",
            constraint=models.UniqueConstraint(fields=("practice", "name"), name="one_location_per_name"),
        ),
        migrations.AddConstraint(
            model_name="room",
            constraint=models.UniqueConstraint(fields=("location", "name"), name="one_room_per_name"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["practice", "starts_at"], name="visits_of_practice"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["client", "-starts_at"], name="visits_of_client"),
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(fields=["changed_at"], name="visits_changed"),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="a_visit_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ("booked", "done"))),
                expressions=[
                    (
                        models.Func(
                            models.F("therapist"),
                            models.F("therapist"),
                            models.Value("[]"),
                            function="clinic_uuidrange",
                        ),
                        "&&",
                    ),
                    (clinic.models.visit._Time("starts_at", "ends_at"), "&&"),
                ],
                name="nobody_works_twice_at_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("room__isnull", False), ("state__in", ("booked", "done"))),
                expressions=[
                    (
                        models.Func(
                            models.F("room"), models.F("room"), models.Value("[]"), function="clinic_uuidrange"
                        ),
                        "&&",
                    ),
                    (clinic.models.visit._Time("starts_at", "ends_at"), "&&"),
                ],
                name="no_room_twice_at_once",
            ),
        ),
    ]
