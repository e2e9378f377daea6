import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # made beside people's work; alone, so that it can be tried again
    dependencies = [("clinic", "0008_visits_and_what_needs_somebody")]
    operations = [
        AddIndexConcurrently(
            model_name="client",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector("search", config="simple"), name="client_search"
            ),
        ),
    ]
