from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("treatments", "0006_fewer_indexes_of_programmes")]
    operations = [
        AddIndexConcurrently(
            model_name="programme",
            index=models.Index(fields=["client", "-created_at"], name="programmes_by_client"),
        ),
    ]
