from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0013_clients_of_therapist")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                fields=["practice", "date_of_birth"], name="clients_by_birth", condition=models.Q(archived_at=None)
            ),
        ),
    ]
