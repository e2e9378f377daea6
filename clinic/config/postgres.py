"""The embedded PostgreSQL: started once, then attached to, by every command that has no DATABASE_URL.

State folder (`var/postgres`): `server.json` (port, passwords, where the data is; readable by its owner only), `lock`,
`log`, and `data` unless root's helper user cannot reach it (see `postgres_home`).

Who stops it: nobody but `manage.py demo`, and only when no other session is using it. Every other command leaves it
running, because attaching takes milliseconds, starting takes longer, and a command cannot know who else is at work.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from clinic.config.postgres_home import Identity, PostgresUnavailable, identity, new_data_folder, programs
from clinic.config.postgres_state import (
    DATABASE,
    HOST,
    ROLE,
    SUPERUSER,
    Server,
    locked,
    make_private_folder,
    open_private,
    remember,
    remembered,
    write_private,
)

START_SECONDS = 60
# The log says what went wrong, never with which values: a refused row would put health data into it.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    # For many rows that change at once: fewer checkpoints in between, after each of which pages are written whole.
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "max_connections": "200",  # each thread of each process keeps one
}


def ensure_running(state: Path) -> str:
    """URL of the application's database; makes and starts the cluster when needed. Raises PostgresUnavailable."""
    known = remembered(state)
    if known and _answers(known):
        return known.url
    make_private_folder(state)
    with locked(state):
        server = remembered(state) or _create(state)
        if not _answers(server):
            server = _start(state, server)
        return server.url


def stop(state: Path, *, only_when_unused: bool = False) -> bool:
    """True when the server is down afterwards. Waits for running statements to end cleanly, not for idle sessions."""
    if not remembered(state):
        return True
    with locked(state):
        server = remembered(state)
        if not server or not _postmaster_alive(state / server.data):
            return True
        if only_when_unused and _other_sessions(server):
            return False
        return _pg_ctl(state, server, "stop", "-m", "fast").returncode == 0


def _create(state: Path) -> Server:
    data = new_data_folder(state)
    if data.exists():
        raise PostgresUnavailable(
            f"{state / 'server.json'} is missing, so the passwords of the database in {data} are lost: "
            "bring the file back, or remove the folder to start afresh."
        )
    place = str(data.relative_to(state)) if data.is_relative_to(state) else str(data)
    server = Server(_free_port(), secrets.token_urlsafe(24), secrets.token_urlsafe(24), place)
    _initdb(state, server, data)
    remember(state, server)
    return server


def _initdb(state: Path, server: Server, data: Path) -> None:
    """Into a folder of another name first: a cluster is there whole or not at all."""
    who = identity(None)
    unfinished = data.with_name("data.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    password = data.with_name("initdb.password")
    write_private(password, server.superuser_password)
    for path in (unfinished, password):
        os.chown(path, who.uid, who.gid)
    options = [f"--pgdata={unfinished}", f"--username={SUPERUSER}", f"--pwfile={password}", "--auth=scram-sha-256"]
    options += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options += ["--data-checksums", *(f"--set={name}={value}" for name, value in SETTINGS.items())]
    try:
        done = _run(state, [str(programs(data.parent, who) / "initdb"), *options], who)
    finally:
        password.unlink()
    if done.returncode != 0:
        raise PostgresUnavailable(f"PostgreSQL could not make its data folder {data}: {_last_line(state)}")
    unfinished.rename(data)


def _start(state: Path, server: Server) -> Server:
    data = state / server.data
    if not data.exists():
        raise PostgresUnavailable(
            f"The database folder {data} is gone: bring it back, or remove {state} to start with an empty one."
        )
    if _postmaster_alive(data):
        return _wait_for(state, server)
    _clear_leftovers(data)
    for _ in range(5):  # a port that was free may be taken by the time PostgreSQL asks for it
        if not _port_is_free(server.port):
            server = replace(server, port=_free_port())
            remember(state, server)
        if _pg_ctl(state, server, "start", "-o", f"-p {server.port}").returncode == 0:
            _ensure_role_and_database(server)
            return server
    raise PostgresUnavailable(f"PostgreSQL did not start: {_last_line(state)} (all of it: {state / 'log'})")


def _wait_for(state: Path, server: Server) -> Server:
    """For a server that runs but does not answer yet, as after a crash."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if _answers(server):
            return server
        time.sleep(0.1)
    raise PostgresUnavailable(f"PostgreSQL runs but does not answer: {_last_line(state)} (all of it: {state / 'log'})")


def _clear_leftovers(data: Path) -> None:
    """Remove a pid file whose number now belongs to a stranger; first let what is left of a killed server go away."""
    deadline = time.monotonic() + 10
    while _processes(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    # While one of the old processes lives, PostgreSQL needs the file to notice it.
    if not _processes(data):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _postmaster_alive(data: Path) -> bool:
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return False
    return any(process.pid == pid for process in _processes(data))


def _processes(data: Path) -> list[psutil.Process]:
    """PostgreSQL's processes of this cluster: all of them stand in the data folder."""
    place = str(data.resolve())
    found = psutil.process_iter(["name", "cwd"])
    return [one for one in found if one.info["cwd"] == place and (one.info["name"] or "").startswith("postgres")]


def _ensure_role_and_database(server: Server) -> None:
    role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
    with _connect(server, SUPERUSER, server.superuser_password, "postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {}").format(role))
        connection.execute(
            sql.SQL("ALTER ROLE {} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD {}").format(
                role, sql.Literal(server.password)
            )
        )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))


def _other_sessions(server: Server) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with _connect(server, SUPERUSER, server.superuser_password, "postgres") as connection:
        return connection.execute(query).fetchone() is not None


def _answers(server: Server) -> bool:
    """Whether our own server is at the port: a scram log-in proves both sides."""
    try:
        _connect(server, ROLE, server.password, DATABASE).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(server: Server, user: str, password: str, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        host=HOST,
        port=server.port,
        user=user,
        password=password,
        dbname=database,
        autocommit=True,
        connect_timeout=2,
        sslmode="disable",
        require_auth="scram-sha-256",
    )


def _pg_ctl(state: Path, server: Server, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    data = state / server.data
    who = identity(data)
    command = [str(programs(data.parent, who) / "pg_ctl"), *arguments, "-D", str(data), "-s", "-w"]
    return _run(state, [*command, "-t", str(START_SECONDS)], who)


def _run(state: Path, command: list[str], who: Identity) -> subprocess.CompletedProcess[bytes]:
    """Output goes to the log file, never to a pipe: the server keeps it open for as long as it lives."""
    environment = {"PATH": os.defpath, "LC_ALL": "C"}  # none of the caller's PG* variables
    with open_private(state / "log", "ab") as log:
        return subprocess.run(
            command, env=environment, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False, **who.drop
        )


def _last_line(state: Path) -> str:
    lines = (state / "log").read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it left no message"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
