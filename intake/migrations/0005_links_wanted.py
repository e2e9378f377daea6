from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("intake", "0004_tab_of_a_form")]
    operations = [
        AddIndexConcurrently(
            model_name="intakerequest",
            index=models.Index(
                fields=["practice", "client"],
                name="intake_links_wanted",
                condition=models.Q(new_link_asked_at__isnull=False) | models.Q(birth_tries__gte=5),
            ),
        ),
    ]
