from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0009_clients_by_word")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(fields=["practice", "-id"], name="client_newest_first"),
        ),
    ]
