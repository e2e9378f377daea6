import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from clinic.config import postgres
from clinic.config.postgres_home import Identity, PostgresUnavailable, new_data_folder, programs
from clinic.config.postgres_state import remembered

ROOT = Path(__file__).resolve().parent.parent.parent
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@contextmanager
def folder_for_one():
    """Where root's helper user can reach it, unlike pytest's own folders: nothing is left in /var/lib."""
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "var" / "postgres"
        yield folder
        postgres.stop(folder)


@pytest.fixture
def nothing_yet():
    with folder_for_one() as folder:
        yield folder


@pytest.fixture(scope="module")
def made():
    with folder_for_one() as folder:
        postgres.ensure_running(folder)
        yield folder


@pytest.fixture
def state(made):
    """Of one server for all: what a test does to it, the next start must cope with."""
    postgres.ensure_running(made)
    return made


def postmaster(state: Path) -> int:
    data = state / remembered(state).data
    return int((data / "postmaster.pid").read_text().split()[0])


def test_a_second_start_attaches_to_the_running_server(state):
    first = postgres.ensure_running(state)
    process = postmaster(state)
    began = time.monotonic()

    assert postgres.ensure_running(state) == first
    assert time.monotonic() - began < 0.5
    assert postmaster(state) == process


def test_the_application_role_may_make_databases_and_nothing_else(state):
    with psycopg.connect(postgres.ensure_running(state)) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        locale = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding), current_setting('data_checksums')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert row == (False, False, False, True)
    assert tuple(text.decode() if isinstance(text, bytes) else text for text in locale) == (
        "b",
        "C.UTF-8",
        "UTF8",
        "on",
    )


def test_committed_rows_survive_a_killed_server(state):
    with psycopg.connect(postgres.ensure_running(state), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1), (2)")
    os.kill(postmaster(state), signal.SIGKILL)

    with psycopg.connect(postgres.ensure_running(state)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (2,)


def test_eight_starters_at_once_share_one_server(nothing_yet):
    program = "import sys; from pathlib import Path; from clinic.config.postgres import ensure_running\n"
    program += "print(ensure_running(Path(sys.argv[1])))"

    def start(_):
        command = [sys.executable, "-c", program, str(nothing_yet)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(start, range(8)))) == 1


def test_a_pid_file_whose_number_belongs_to_a_stranger_does_not_stop_the_start(state):
    postgres.ensure_running(state)
    pid_file = state / remembered(state).data / "postmaster.pid"
    lines = pid_file.read_text().split("\n", 1)[1]
    os.kill(postmaster(state), signal.SIGKILL)
    who = pid_file.parent.stat()
    # PostgreSQL itself refuses a pid that is alive under its own user.
    stranger = subprocess.Popen(["sleep", "60"], **Identity(who.st_uid, who.st_gid).drop)
    try:
        pid_file.write_text(f"{stranger.pid}\n{lines}")
        with psycopg.connect(postgres.ensure_running(state)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        stranger.kill()
        stranger.wait()


def test_a_port_that_somebody_took_is_replaced(state):
    postgres.ensure_running(state)
    old = remembered(state).port
    postgres.stop(state)
    with socket.socket() as squatter:
        squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the server's own connections have just ended
        squatter.bind(("127.0.0.1", old))
        squatter.listen()
        url = postgres.ensure_running(state)

    assert remembered(state).port != old
    assert str(remembered(state).port) in url


def test_a_wrong_password_is_refused(state):
    url = postgres.ensure_running(state)
    password = remembered(state).password

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(password, "guess"))


def test_others_can_read_neither_data_nor_passwords(state):
    postgres.ensure_running(state)

    for name in ("server.json", "lock", "log"):
        assert stat.S_IMODE((state / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((state / remembered(state).data).stat().st_mode) == 0o700


def test_the_log_says_nothing_about_values(state):
    with psycopg.connect(postgres.ensure_running(state), autocommit=True) as connection:
        connection.execute("CREATE TABLE client (name text UNIQUE CHECK (name <> 'Ada Secret'))")
        with pytest.raises(psycopg.IntegrityError):
            connection.execute("INSERT INTO client VALUES ('Ada Secret')")

    log = (state / "log").read_text()
    assert "violates check constraint" in log
    assert "Secret" not in log


def test_stopping_waits_for_nobody_but_spares_a_server_in_use(state):
    with psycopg.connect(postgres.ensure_running(state)):
        assert postgres.stop(state, only_when_unused=True) is False
    assert postgres.stop(state, only_when_unused=True) is True
    assert postgres.stop(state) is True


def test_lost_passwords_are_told_with_the_way_out(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    monkeypatch.setattr("clinic.config.postgres.new_data_folder", lambda state: state / "data")

    with pytest.raises(PostgresUnavailable, match=r"server\.json is missing.*remove the folder to start afresh"):
        postgres.ensure_running(tmp_path)
    assert list((tmp_path / "data").iterdir()) == []


@as_root
def test_root_does_not_run_the_server_itself(state):
    postgres.ensure_running(state)

    assert Path(f"/proc/{postmaster(state)}").stat().st_uid != 0


@as_root
def test_what_roots_helper_cannot_reach_is_put_elsewhere_and_keeps_its_permissions(tmp_path, monkeypatch):
    closed, open_to_all = tmp_path / "closed", tmp_path / "open"
    closed.mkdir(mode=0o700)
    open_to_all.mkdir(mode=0o755)
    monkeypatch.setattr("clinic.config.postgres_home.SYSTEM_DATA", open_to_all)
    data = new_data_folder(closed)

    assert data.is_relative_to(open_to_all)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_programs_out_of_reach_are_copied(tmp_path):
    class Nobody(Identity):
        def can_reach(self, path):
            return False

    there = programs(tmp_path, Nobody(65534, 65534))

    assert there.is_relative_to(tmp_path)
    version = subprocess.run([there / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    assert version.startswith("postgres (PostgreSQL)")
    # psql and its kin find their libraries in the copy too
    subprocess.run([there / "psql", "--version"], capture_output=True, check=True)
