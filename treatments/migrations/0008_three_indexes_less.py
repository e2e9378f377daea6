import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("treatments", "0007_programmes_by_client")]
    operations = [
        migrations.RemoveIndex(model_name="programme", name="programmes_of_client"),
        migrations.RemoveIndex(model_name="programme", name="running_programmes"),
        migrations.AlterField(
            model_name="programme",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="programmes",
                to="clinic.client",
            ),
        ),
    ]
