from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0010_clients_newest_first")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                fields=["practice", "family_name", "given_name", "id"],
                name="client_archived_by_name",
                condition=models.Q(archived_at__isnull=False),
            ),
        ),
    ]
