from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("treatments", "0013_held_programmes")]
    operations = [
        AddIndexConcurrently(
            model_name="programme",
            index=models.Index(
                fields=["client"],
                name="programmes_smaller_taken",
                condition=models.Q(smaller_taken_at__isnull=False),
            ),
        ),
    ]
