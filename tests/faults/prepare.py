"""Makes an empty database one that scenarios are copied from: migrated, with a practice and its clients."""

import datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from clinic.models import Client, Practice  # noqa: E402
from tests.faults.stage import CLIENTS  # noqa: E402

call_command("migrate", verbosity=0)
now = datetime.datetime.now(datetime.UTC)
noon = f"Etc/GMT{now.hour - 12:+d}"  # where it is noon: no midnight comes between (Etc counts westwards)
never = datetime.time(0)  # from midnight to midnight: no quiet hours
practice = Practice.objects.create(
    slug="riverside", name="Riverside Bodywork", timezone=noon, quiet_from=never, quiet_until=never
)
Client.objects.bulk_create(
    Client(
        practice=practice, ref=f"C{n}", given_name=f"N{n}", family_name="Number", email=f"n{n}@d{n % 50}.example",
        date_of_birth=datetime.date(1980, 1, 1),
    )
    for n in range(CLIENTS)
)  # fmt: skip
