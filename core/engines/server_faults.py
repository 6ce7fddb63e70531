"""What can go wrong with a server that writes texts, in plain words with the remedy."""

from __future__ import annotations

import email.utils
import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from core.errors import EngineError, PromptTooLong

if TYPE_CHECKING:
    from openai import APIStatusError

LONGEST_WHY = 200
"""Characters of a server's own words in a message."""

PASSING = frozenset({408, 409, 425, 429}) | frozenset(range(500, 600)) - {501, 505}
"""HTTP status codes of faults that may pass by themselves."""

_TOO_LONG = ("context_length", "context length", "context window", "context size", "too many tokens")


@dataclass(frozen=True)
class Server:
    """Whom we ask, as messages name it; the key is never in a message."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """Its base URL without name, password and query."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


@dataclass(frozen=True)
class Fault:
    """A failed request.

    Attributes:
        error: what the user is told.
        wait_s: the server's wish before the next try, in seconds; None where trying again is no use.
        complaint: what the server says it cannot take in the request; "" if that is not the matter.
        no_model: the server does not know the model.
    """

    error: EngineError
    wait_s: float | None = None
    complaint: str = ""
    no_model: bool = False


def explain(error: Exception, server: Server) -> Fault:
    """Any error of asking ``server`` as a fault."""
    import openai

    if isinstance(error, EngineError):
        return Fault(error)
    if isinstance(error, openai.APIStatusError):
        return _explain_status(error, server)
    if isinstance(error, openai.APIConnectionError):
        return _explain_connection(error, server)
    if isinstance(error, openai.APIError):  # an event in the middle of an answer
        return _failing(_quote(error.body, server) or error.message, server, 0)
    return Fault(
        EngineError(
            "The server at {address} answers with something that is no chat completion. Correct "
            "CHAMADA_OPENAI_BASE_URL: it usually ends in /v1.",
            address=server.address,
        ),
        wait_s=0 if isinstance(error, ValueError) else None,  # half an event: the connection may have been cut
    )


def _explain_status(error: APIStatusError, server: Server) -> Fault:
    status, address = error.status_code, server.address
    body = json.dumps(error.body, ensure_ascii=False, default=str)[:4000]
    why = _quote(error.body, server) or _name(status)
    if any(words in body.lower() for words in _TOO_LONG) or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Fault(
            PromptTooLong(
                "The text is longer than {model} at {address} reads. Choose a model that reads more, or shorten it.",
                model=server.model,
                address=address,
            )
        )
    if status in {401, 403}:
        return Fault(
            EngineError(
                "The server at {address} does not accept the key. Put one that may use {model} into "
                "CHAMADA_OPENAI_API_KEY.",
                address=address,
                model=server.model,
            )
        )
    if status == HTTPStatus.PAYMENT_REQUIRED or "insufficient_quota" in body:
        return Fault(EngineError("The account at {address} has no credit left: {why}", address=address, why=why))
    if status == HTTPStatus.NOT_FOUND and "model" in body.lower():
        return Fault(refuse_model(server, ()), no_model=True)
    if status in {404, 405, 501} or status < 400:
        return Fault(_no_chat(server, status))
    # llama-cpp-python calls a request that it does not understand an error of its own.
    complaint = body if status in {400, 422} or "response_format" in body else ""
    if status in PASSING:
        return replace(_failing(f"{status}: {why}", server, _read_wait(error)), complaint=complaint)
    refusal = EngineError(
        "The server at {address} refuses the request ({why}).", address=address, why=f"{status}: {why}"
    )
    return Fault(refusal, complaint=complaint)


def _no_chat(server: Server, status: object) -> EngineError:
    return EngineError(
        "There is no chat at {address} ({status}). Correct CHAMADA_OPENAI_BASE_URL: it usually ends in /v1.",
        address=server.address,
        status=status,
    )


def refuse_model(server: Server, known: tuple[str, ...]) -> EngineError:
    """The error of a model that the server does not have; ``known`` are those it has."""
    if known:
        return EngineError(
            "The server at {address} does not have the model {model}. Set CHAMADA_OPENAI_MODEL to one it has: {known}.",
            address=server.address,
            model=server.model,
            known=", ".join(known),
        )
    return EngineError(
        "The server at {address} does not have the model {model}. Correct CHAMADA_OPENAI_MODEL.",
        address=server.address,
        model=server.model,
    )


def _explain_connection(error: Exception, server: Server) -> Fault:
    import httpx2

    causes = list(_causes(error))
    if any(isinstance(cause, httpx2.TooManyRedirects | httpx2.UnsupportedProtocol) for cause in causes):
        return Fault(_no_chat(server, "3xx"))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        message = EngineError(
            "No machine is called {host}. Check the network, or correct CHAMADA_OPENAI_BASE_URL.",
            host=urlsplit(server.base_url).hostname,
        )
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        why = next(str(cause) for cause in causes if isinstance(cause, ssl.SSLError))
        return Fault(
            EngineError(
                "No safe connection to {address}: {why}. Check its certificate, or write http:// in "
                "CHAMADA_OPENAI_BASE_URL if the server is on this machine.",
                address=server.address,
                why=why,
            )
        )
    elif any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        message = EngineError(
            "Nobody answers at {address}. Start the server, or correct CHAMADA_OPENAI_BASE_URL.",
            address=server.address,
        )
    else:
        message = EngineError(
            "The connection to {address} broke off. See whether the server still runs, then try again.",
            address=server.address,
        )
    return Fault(message, wait_s=0)


def _failing(why: str, server: Server, wait_s: float) -> Fault:
    error = EngineError(
        "The server at {address} is overloaded or failing ({why}). Wait a little, then try again.",
        address=server.address,
        why=why,
    )
    return Fault(error, wait_s=wait_s)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """``error`` and what lies behind it, down to the system's own error, groups opened."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


def _name(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "?"


def _quote(body: object, server: Server) -> str:
    """The server's own words in an error's body, in one short line without the key; "" if there are none."""
    said: Any = body
    for name in ("error", "message", "detail"):
        if isinstance(said, dict) and name in said:
            said = said[name]
    if not isinstance(said, str) or "<" in said[:100]:  # a page
        return ""
    line = " ".join(said.split())
    if server.key:
        line = line.replace(server.key, "…")
    return line if len(line) <= LONGEST_WHY else line[: LONGEST_WHY - 1] + "…"


def _read_wait(error: APIStatusError) -> float:
    """The answer's Retry-After in seconds, given as seconds or as a date."""
    said = error.response.headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return 0.0
