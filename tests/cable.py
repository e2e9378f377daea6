"""A network cable between a program and a server: it can be cut, be slow, or swallow everything without a word."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Coroutine
from typing import Any

CHUNK = 65536


class Cable:
    """Forwards TCP from `host`:`port` to the server. `delay`: seconds that every piece of data takes longer.

    `accepted` counts connections. A context manager, or `start` and `stop`.
    """

    def __init__(self, to_host: str, to_port: int, *, host: str = "127.0.0.1") -> None:
        self.delay = 0.0
        self.accepted = 0
        self.host, self.port = host, 0
        self._to = (to_host, to_port)
        self._through = threading.Event()  # set: data passes
        self._through.set()
        self._whole = True
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def start(self) -> "Cable":
        self._thread.start()
        self._server = self._run(asyncio.start_server(self._connected, self.host, 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def stop(self) -> None:
        self.cut()
        self._server.close()
        self._run(self._end_tasks())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def __enter__(self) -> "Cable":
        return self.start()

    def __exit__(self, *args: object) -> None:
        self.stop()

    # --- what can happen to it ---

    def cut(self) -> None:
        """Every connection is reset, and new ones are until `mend`."""
        self._whole = False
        self._run(self._reset_all())

    def swallow(self) -> None:
        """Connections stay open and new ones are accepted, but nothing arrives any more, until `mend`."""
        self._through.clear()

    def mend(self) -> None:
        """As new; what was swallowed arrives late."""
        self._whole = True
        self._through.set()

    # --- inside ---

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _end_tasks(self) -> None:
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    async def _reset_all(self) -> None:
        for writer in list(self._open):
            _reset(writer)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._open.add(writer)
        try:
            await self._passes()
            if not self._whole:
                return
            there_reader, there = await asyncio.open_connection(*self._to)
            self._open.add(there)
            try:
                await asyncio.gather(self._carry(reader, there), self._carry(there_reader, writer))
            finally:
                self._open.discard(there)
                _reset(there)
        except OSError:
            pass
        finally:
            self._open.discard(writer)
            _reset(writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK):
            if self.delay:
                await asyncio.sleep(self.delay)
            await self._passes()
            writer.write(data)
            await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()

    async def _passes(self) -> None:
        while not self._through.is_set():
            await asyncio.sleep(0.02)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close so that the other side gets an error and not an end."""
    if not writer.transport.is_closing():
        sock = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        writer.transport.abort()
