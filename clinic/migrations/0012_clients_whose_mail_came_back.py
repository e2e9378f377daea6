from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0011_archived_clients_by_name")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                fields=["practice"], name="client_mail_came_back", condition=models.Q(email_bounced_at__isnull=False)
            ),
        ),
    ]
