from tests.architecture.world import world  # noqa: F401
from tests.languages.pseudo import pseudo_language  # noqa: F401
