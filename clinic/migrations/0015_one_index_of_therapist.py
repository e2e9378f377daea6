import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0014_clients_by_birth"),
    ]

    operations = [
        migrations.AlterField(
            model_name="client",
            name="therapist",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="clients",
                to="clinic.membership",
            ),
        ),
    ]
