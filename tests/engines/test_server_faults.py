"""Servers that fail in every way, twenty times each: an error in plain words, within the deadline, nothing believed."""

import gzip
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.errors import EngineError
from tests.engines.servers import (
    GOOD,
    KEY,
    STREAM,
    Behaviour,
    Server,
    ask,
    closed_port,
    deaf,
    drip,
    event,
    flood,
    forever,
    hang,
    refuse,
    reply,
    reset,
    say,
    send,
)


@pytest.fixture(scope="module", autouse=True)
def _client_is_loaded() -> None:
    """So that no deadline measures the half second it takes."""
    with Server(say(GOOD)) as server:
        ask(server.url, deadline_s=60)


BROKEN: dict[str, Behaviour] = {
    "never answers": hang,
    "drips its headers": drip(b"HTTP/1.1 200 OK\r\n", forever(b"x: y\r\n"), 0.03),
    "drips its body": drip(STREAM, forever(b":"), 0.03),
    "never ends": drip(STREAM, forever(event(" a")), 0.01),
    "floods": flood(STREAM, b":" + b"x" * 65536 + b"\n"),
    "hangs up": send(),
    "resets in the middle": reset(STREAM + event('{"subject": "Um')),
    "answers HTML": reply(200, "<html><body>Olá</body></html>", kind="text/html"),
    "fails behind a proxy": reply(502, "<html>Bad gateway</html>", kind="text/html"),
    "asks to wait an hour": refuse(429, "slow down", "Retry-After: 3600"),
    "sends half an object": say('{"subject": "Um far'),
    "breaks the schema": say('{"subject": ["Um farol"], "extra": NaN}'),
    "packs its answer": reply(200, gzip.compress(b"\0" * 10**7), "Content-Encoding: gzip", kind="text/event-stream"),
    "redirects in a circle": reply(307, "", "Location: /v1/chat/completions"),
    "speaks no HTTP": send(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "nests without end": say('{"subject":' * 5000),
    "sends nulls": send(STREAM, b"data: null\n\n"),
}

DEADLINE_S = 0.5
MARGIN_S = 1.5
"""A busy machine's delay in waking twenty threads; no wait of a server is as short."""


def fail(url: str) -> list[tuple[float, BaseException]]:
    """How long each failure took, and what was raised; five at a time, each by an engine of its own."""

    def once(_: int) -> tuple[float, BaseException]:
        started = time.monotonic()
        try:
            found: object = ask(url, DEADLINE_S)
        except BaseException as error:  # whatever it is, it is looked at
            return time.monotonic() - started, error
        raise AssertionError(f"believed {found}")

    with ThreadPoolExecutor(5) as threads:
        return list(threads.map(once, range(20)))


def judge(failures: list[tuple[float, BaseException]]) -> None:
    assert {type(error) for _, error in failures} == {EngineError}
    assert max(seconds for seconds, _ in failures) < DEADLINE_S + MARGIN_S
    for _, error in failures:
        assert KEY not in str(error)
        assert len(str(error)) < 500


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_server_is_an_error_within_the_deadline(way: str):
    with Server(BROKEN[way]) as server:
        judge(fail(server.url))


def test_a_server_that_is_not_there_is_an_error_within_the_deadline():
    judge(fail(closed_port()))


def test_a_server_that_takes_no_connection_is_an_error_within_the_deadline():
    with deaf() as url:
        judge(fail(url))


def test_a_name_that_nobody_looks_up_is_an_error_within_the_deadline(monkeypatch: pytest.MonkeyPatch):
    looked_up = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: looked_up.wait(20) and [])
    judge(fail("http://slow.example/v1"))
    looked_up.set()


def test_a_name_that_does_not_exist_is_told(monkeypatch: pytest.MonkeyPatch):
    def fail_to_find(*given: object, **named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail_to_find)
    with pytest.raises(EngineError, match=r"No machine is called nowhere\.example"):
        ask("http://nowhere.example/v1", 0.3)


def test_a_server_without_encryption_is_told_from_one_that_has_it():
    with Server(hang) as server, socket.create_server(("127.0.0.1", 0)) as plain:

        def answer() -> None:
            connection, _ = plain.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(65536)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(EngineError, match="No safe connection"):
            ask(f"https://127.0.0.1:{plain.getsockname()[1]}/v1")
        thread.join()
        assert not server.requests
