from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0012_clients_whose_mail_came_back")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=models.Index(
                fields=["therapist", "family_name", "given_name", "id"], name="client_of_therapist_by_name"
            ),
        ),
    ]
