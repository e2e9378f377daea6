"""Made-up practices: one small and believable for the demo, or one of any size for measuring."""

from treatments.services.seeding.demo import DEMO_LOGINS, seed_demo
from treatments.services.seeding.many import seed_many

__all__ = ["DEMO_LOGINS", "seed_demo", "seed_many"]
