"""Servers on loopback that behave as told, down to the byte: for the engine that asks a server."""

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple, Self

from core.chains.season import SubjectDraft
from core.engines.openai_text import OpenAIText
from tests.engines.contract import OPTIONS, summary_prompt


class Asked(NamedTuple):
    """One request: where its answer goes, what it says, and when to give up answering it."""

    connection: socket.socket
    request: dict
    ending: threading.Event


Behaviour = Callable[[Asked], None]


class Server:
    """Listens on a free port; each request gets the next behaviour, and the last one serves all that follow.

    Attributes:
        requests: what was asked, as JSON data.
        headers: with which headers, as text.
    """

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.requests: list[dict] = []
        self.headers: list[str] = []
        self.ending = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self._threads = [threading.Thread(target=self._listen)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ending.set()
        for thread in self._threads:
            thread.join()
        self._socket.close()

    def _listen(self) -> None:
        while not self.ending.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._socket.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            request = self._read(connection)
            number = min(len(self.requests), len(self.behaviours)) - 1
            self.behaviours[number](Asked(connection, request, self.ending))

    def _read(self, connection: socket.socket) -> dict:
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                raise ConnectionError
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = next((int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")), 0)
        while len(body) < length:
            body += connection.recv(65536)
        self.headers.append(head.decode())
        self.requests.append(json.loads(body or b"{}"))
        return self.requests[-1]


# Answers


def head(status: int, kind: str, *more: str, length: int | None = None) -> bytes:
    rows = [f"HTTP/1.1 {status} Status", f"Content-Type: {kind}", "Connection: close", *more]
    rows += [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([*rows, "", ""]).encode()


STREAM = head(200, "text/event-stream")


def reply(status: int, body: object, *more: str, kind: str = "application/json") -> Behaviour:
    data = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return send(head(status, kind, *more, length=len(data)), data)


def refuse(status: int, message: str, *more: str, **fields: object) -> Behaviour:
    return reply(status, {"error": {"message": message, **fields}}, *more)


def event(text: str, finish: str | None = None, **more: object) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
    return f"data: {json.dumps(data)}\n\n".encode()


def say(text: str, finish: str = "stop", tokens: tuple[int, int] = (12, 34)) -> Behaviour:
    """A whole answer, streamed in five pieces; ``tokens`` read and written."""
    size = max(1, -(-len(text) // 5))
    events = [event(text[start : start + size]) for start in range(0, len(text), size)]
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
    return send(STREAM, *events, event("", finish, usage=usage), b"data: [DONE]\n\n")


def send(*pieces: bytes) -> Behaviour:
    return lambda asked: asked.connection.sendall(b"".join(pieces))


def drip(first: bytes, rest: Iterable[bytes], pause_s: float) -> Behaviour:
    """``first`` at once, then ``rest`` bit by bit."""

    def behave(asked: Asked) -> None:
        asked.connection.sendall(first)
        for piece in rest:
            if asked.ending.wait(pause_s):
                return
            asked.connection.sendall(piece)

    return behave


def forever(piece: bytes) -> Iterable[bytes]:
    while True:
        yield piece


def hang(asked: Asked) -> None:
    asked.ending.wait()


def flood(first: bytes, piece: bytes) -> Behaviour:
    return drip(first, forever(piece), 0)


def reset(after: bytes) -> Behaviour:
    """Break the connection off hard."""

    def behave(asked: Asked) -> None:
        asked.connection.sendall(after)
        time.sleep(0.02)
        asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


@contextlib.contextmanager
def deaf():
    """The address of a server that takes no connection: its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as waiting:
        address = listener.getsockname()
        for _ in range(3):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}/v1"


def closed_port() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


# Asking them

KEY = "sk-very-secret"
GOOD = json.dumps({"subject": "Um farol à noite"})
"""An answer to ``ask``."""


def engine_for(url: str, deadline_s: float = 5, model: str = "m") -> OpenAIText:
    return OpenAIText(url, model, api_key=KEY, deadline_s=deadline_s)


def ask(url: str, deadline_s: float = 5) -> SubjectDraft:
    return engine_for(url, deadline_s).generate(summary_prompt(), SubjectDraft, OPTIONS).value
