import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of the foreign key goes: the one of 0019 begins with the same column."""

    dependencies = [("clinic", "0019_visits_of_therapist")]

    operations = [
        migrations.AlterField(
            model_name="visit",
            name="therapist",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="clinic.membership",
            ),
        ),
    ]
