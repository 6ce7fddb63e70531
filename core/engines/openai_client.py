"""The official OpenAI client, held to one try and to answers of a sane size. Imported only when a server is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
from openai import AsyncOpenAI, DefaultAsyncHttpxClient, Timeout

from core.engines.server_faults import Server
from core.errors import EngineError

CONNECT_S = 10.0
"""How long a connection may take, in seconds."""

LARGEST_BODY = 4 * 2**20
"""Bytes of an answer; 8,192 tokens as they are streamed take 2.5 million."""

MOST_NAMED = 8
"""Models a server has that an error names."""


def open_client(server: Server) -> AsyncOpenAI:
    """A client for ``server``; close it after use."""

    async def limit(response: httpx2.Response) -> None:
        response.stream = Capped(response, server)

    return AsyncOpenAI(
        base_url=server.base_url,
        api_key=server.key or "none",
        max_retries=0,  # tries and pauses are counted where the deadline is known
        timeout=Timeout(None, connect=CONNECT_S),
        default_headers={"Accept-Encoding": "identity"},
        http_client=DefaultAsyncHttpxClient(event_hooks={"response": [limit]}),
    )


class Capped(httpx2.AsyncByteStream):
    """The body of a response, which ends in an error where it grows too large, or would by unpacking."""

    def __init__(self, response: httpx2.Response, server: Server) -> None:
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        self._stream = response.stream
        self._is_packed = response.headers.get("content-encoding", "identity") != "identity"
        self._server = server

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for piece in self._stream:
            taken += len(piece)
            if taken > LARGEST_BODY or self._is_packed:
                raise EngineError(
                    "The server at {address} answers with more than an answer can be. Correct "
                    "CHAMADA_OPENAI_BASE_URL, or look after the server.",
                    address=self._server.address,
                )
            yield piece

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._stream.aclose()


async def list_models(client: AsyncOpenAI) -> tuple[str, ...]:
    """Some models the server has; none where it does not say."""
    try:
        page = await client.models.list(timeout=2)
        return tuple(str(model.id)[:100] for model in page.data[:MOST_NAMED])
    except Exception:  # the error that led here is told all the same
        return ()
