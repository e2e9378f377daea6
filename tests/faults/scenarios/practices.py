"""Practices of very different size share the workers."""

from tests.faults.play import Unplayed, wait_until
from tests.faults.scenario import scenario
from tests.faults.stage import CLIENTS

BACKLOG, FEW = 2000, 20
#: Mails that leave before the last of the few: what two workers have in their hands, and two batches more of each.
SOON = 600

# The same in all things but its name.
ANOTHER_PRACTICE = """
WITH practice AS (
    INSERT INTO clinic_practice
    SELECT (jsonb_populate_record(p, jsonb_build_object('id', clinic_uuid7(), 'slug', 'small'))).*
      FROM clinic_practice p RETURNING id
)
INSERT INTO clinic_client
SELECT (jsonb_populate_record(c, jsonb_build_object('id', clinic_uuid7(), 'practice_id', practice.id))).*
  FROM clinic_client c, practice WHERE c.id IN (SELECT id FROM clinic_client ORDER BY id LIMIT %s)
"""
PRACTICES = "SELECT slug, r.id::text FROM clinic_reminder r JOIN clinic_practice p ON p.id = r.practice_id"


@scenario("A small practice's mails come up beside an enormous one's backlog, and leave soon")
def _(stage):
    stage.database.ask(ANOTHER_PRACTICE, [FEW])
    stage.fill(BACKLOG)
    for _ in range(2):
        stage.worker()
    wait_until(lambda: stage.mail.count() >= 100)
    before = stage.mail.count()
    stage.fill(FEW, first=CLIENTS)
    stage.settle()
    few = {f"<{id_}@" for slug, id_ in stage.database.ask(PRACTICES) if slug == "small"}
    order = [name[: name.index("@") + 1] for name, _ in stage.mail.accepted()]
    last = max(place for place, name in enumerate(order) if name in few)
    if before + SOON > BACKLOG - 200:
        raise Unplayed(f"The backlog was nearly gone: {before}")
    stage.insist(last - before <= SOON, f"A small practice waited for {last - before} mails of an enormous one")
