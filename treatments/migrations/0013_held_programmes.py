from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("treatments", "0012_chosen_days")]
    operations = [
        AddIndexConcurrently(
            model_name="programme",
            index=models.Index(
                fields=["client"],
                name="programmes_held",
                condition=models.Q(state="published", held_at__isnull=False),
            ),
        ),
    ]
