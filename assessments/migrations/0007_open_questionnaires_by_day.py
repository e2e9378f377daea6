from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("assessments", "0006_questionnaires_asked_for")]
    operations = [
        AddIndexConcurrently(
            model_name="questionnairerequest",
            index=models.Index(
                fields=["due_on"],
                name="questionnaires_open_by_day",
                condition=models.Q(response=None, withdrawn_at=None),
            ),
        ),
    ]
