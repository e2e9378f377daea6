from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("clinic", "0015_one_index_of_therapist")]
    operations = [
        AddIndexConcurrently(
            model_name="archivedreminder",
            index=models.Index(fields=["practice", "-due_at"], name="archived_of_practice"),
        ),
    ]
