"""How the product connects to PostgreSQL: what a restart, a vanished host and a strict server ask of it."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.core.signals import request_finished, request_started
from django.db import connection

from clinic.models import Practice
from tests.worker import ROOT, environment


@pytest.mark.django_db(transaction=True)
def test_after_a_restart_of_the_server_nobody_gets_one_of_the_old_connections():
    at = connection.get_connection_params()
    request_started.send(None)
    Practice.objects.count()
    request_finished.send(None)
    before = connection.connection
    with psycopg.connect(**{name: at[name] for name in ("host", "port", "user", "password", "dbname")}) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    request_started.send(None)
    assert Practice.objects.count() == 0
    assert connection.connection is not before


@pytest.mark.django_db(transaction=True)
def test_from_request_to_request_a_thread_keeps_its_connection():
    request_started.send(None)
    Practice.objects.count()
    before = connection.connection
    for signal in (request_finished, request_started):
        signal.send(None)

    assert Practice.objects.count() == 0
    assert connection.connection is before


def test_a_host_that_vanished_in_the_middle_does_not_hold_its_locks_for_long(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)


def test_the_queue_connects_with_all_that_the_address_says():
    address = "postgres://u:p@db.example/x?sslmode=verify-full&sslrootcert=/ca.pem"
    says = "from clinic.config import settings; print(settings.CELERY_BROKER_TRANSPORT_OPTIONS['conn_string'])"
    there = environment(DATABASE_URL=address, ENV_FILE="", EMAIL_URL="smtp://127.0.0.1:9", PATH=os.environ["PATH"])

    said = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=there, capture_output=True, text=True, check=True)

    assert "sslmode=verify-full sslrootcert=/ca.pem" in said.stdout
    assert "tcp_user_timeout=60000" in said.stdout
