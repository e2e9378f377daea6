"""The three brokers as real servers: started on free ports in private folders, restarted, killed, frozen, wiped."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path

import amqp
import redis

from tests import machine
from tests.mail_server import free_port

START_SECONDS = 60


class Server(ABC):
    """A broker that runs as a child process. `url` is what CELERY_BROKER_URL is set to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def wipe(self, queue: str) -> None:
        """The queue and all that is in it are gone."""

    @abstractmethod
    def waiting(self, queue: str) -> int:
        """How many messages wait in the queue."""

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)

    def _answers(self) -> bool:
        try:
            self.waiting("nothing")
        except (OSError, redis.RedisError, amqp.AMQPError):
            return False
        return True

    def start(self) -> None:
        """Returns when it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()[-3000:]
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-3000:]
            time.sleep(0.1)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """As an administrator would."""
        self._signal(signal.SIGTERM)

    def close(self) -> None:
        self.kill()

    def freeze(self) -> None:
        """It hangs: connections stay open, nothing is answered."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        os.kill(self.process.pid, signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.thaw()
            os.kill(self.process.pid, number)
            self.process.wait(30)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # what it had started itself


class Redis(Server):
    """Keeps nothing on disk: whatever waits is lost with it, which is the harder case."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        return ["redis-server", *options, "--save", "", "--appendonly", "no"]

    def wipe(self, queue: str) -> None:
        with self._client() as client:
            client.flushall()

    def waiting(self, queue: str) -> int:
        with self._client() as client:
            return int(client.llen(queue))

    def _client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=5, retry=None)


class RabbitMQ(Server):
    """With a port mapper of its own, which would otherwise be started behind our back and stay for ever."""

    mapper: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def command(self) -> list[str]:
        return [machine.RABBITMQ]

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.mapper is None:
            self._mapper_port, self._distribution_port = free_port(), free_port()
            program = shutil.which("epmd")
            assert program
            self.mapper = subprocess.Popen(
                [program, "-address", "127.0.0.1", "-port", str(self._mapper_port)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            _wait_for_port(self._mapper_port)
        super().start()

    def close(self) -> None:
        super().close()
        if self.mapper:
            self.mapper.kill()
            self.mapper.wait(10)
            self.mapper = None

    def _environment(self) -> dict[str, str]:
        (self.folder / "plugins").write_text("[].\n")
        folder = str(self.folder)
        return {
            **os.environ,
            "HOME": folder,  # Erlang's cookie
            "RABBITMQ_NODENAME": f"clinic{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "ERL_EPMD_PORT": str(self._mapper_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/logs",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_CONFIG_FILE": f"{folder}/none",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RUNNING_UNDER_SYSTEMD": "1",  # the script then becomes the server instead of waiting beside it
        }

    def wipe(self, queue: str) -> None:
        with self._connection() as connection, connection.channel() as channel:
            channel.queue_delete(queue)

    def waiting(self, queue: str) -> int:
        with self._connection() as connection, connection.channel() as channel:
            try:
                return int(channel.queue_declare(queue, passive=True).message_count)
            except amqp.NotFound:
                return 0

    def _connection(self) -> amqp.Connection:
        return amqp.Connection(f"127.0.0.1:{self.port}", connect_timeout=5, read_timeout=5, write_timeout=5)


def _wait_for_port(port: int, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline, f"nothing listens at {port}"
            time.sleep(0.05)
