"""PostgreSQL as Celery's queue, by Kombu's pgmq transport."""

import psycopg.errors
from kombu.transport import pgmq


class Transport(pgmq.Transport):
    """A queue whose table is gone counts as a lost connection: worker and beat then connect again, which makes it.

    Otherwise the worker would end, and beat go on without a queue for ever.
    """

    connection_errors = (*pgmq.Transport.connection_errors, psycopg.errors.UndefinedTable)  # type: ignore[assignment]
