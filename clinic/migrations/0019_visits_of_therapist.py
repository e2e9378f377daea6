from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """A day of a therapist is found among all the days before it; rows are read and written meanwhile."""

    atomic = False
    dependencies = [("clinic", "0018_days_of_the_mail")]

    operations = [
        AddIndexConcurrently(
            model_name="visit",
            index=models.Index(fields=["therapist", "starts_at"], name="visits_of_therapist"),
        ),
    ]
