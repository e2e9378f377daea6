from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0003_insert_defaults_and_latest_signed"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="typed",
            field=models.JSONField(
                blank=True,
                help_text="Of a draft: the sheet as it stands on the screen, half-typed numbers too.",
                null=True,
            ),
        ),
    ]
