import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0007_fewer_indexes"),
        ("treatments", "0005_programmes_move_on_daily"),
    ]

    operations = [
        migrations.AlterField(
            model_name="programme",
            name="practice",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="clinic.practice"
            ),
        ),
        migrations.AlterField(
            model_name="programme",
            name="published_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="clinic.membership",
            ),
        ),
    ]
