from tests.architecture.world import world  # noqa: F401
