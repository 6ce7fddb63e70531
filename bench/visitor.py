"""A browser tab without the browser: says over the websocket what Streamlit's front end says, and keeps what it shows.

Source: streamlit/proto/*.proto and starlette_websocket.py of Streamlit 1.67.
"""

from __future__ import annotations

import asyncio
import urllib.request
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect


class Visitor:
    """One session of the dashboard.

    Args:
        page: the page's address, without slash.
        query: what follows its question mark.

    Attributes:
        shown: the elements on screen, by where they are.
    """

    def __init__(self, base: str, page: str, query: str = "") -> None:
        self._base = base
        self._page = page
        self._query = query
        self._page_hash = ""
        self._socket: ClientConnection | None = None
        self._values: dict[str, WidgetState] = {}
        self._repeats: dict[str, asyncio.Task[None]] = {}
        self._coming: dict[tuple[int, ...], Element] = {}
        self.shown: dict[tuple[int, ...], Element] = {}

    async def __aenter__(self) -> Visitor:
        """Open the page and wait until its form is drawn."""
        address = self._base.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(address, subprotocols=["streamlit"], max_size=None, origin=self._base)  # type: ignore[arg-type, list-item]
        await self._rerun()
        while not self.find("text_area"):
            await self.wait_for_run()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the tab."""
        self._stop_repeats()
        if self._socket is not None:
            await self._socket.close()

    def find(self, kind: str, key: str = "") -> list[Any]:
        """The elements of a kind on screen; with ``key``, those widgets only."""
        found = [getattr(each, kind) for each in self.shown.values() if each.WhichOneof("type") == kind]
        return [each for each in found if not key or each.id.endswith(f"-{key}")]

    def type(self, key: str, text: str) -> None:
        """Write into a text field; it is sent with the next click."""
        (field,) = self.find("text_area", key)
        self._values[field.id] = WidgetState(id=field.id, string_value=text)

    async def click(self, key: str) -> None:
        """Press a button."""
        (button,) = self.find("button", key)
        await self._rerun(WidgetState(id=button.id, trigger_value=True))

    async def wait_for_run(self) -> None:
        """Return when the page, or a part of it, has been drawn anew."""
        assert self._socket is not None
        async for data in self._socket:
            message = ForwardMsg.FromString(data if isinstance(data, bytes) else data.encode())
            if self._take(message):
                return
        raise ConnectionError("the server closed the connection")

    async def fetch(self, path: str) -> int:
        """Load a picture as an <img> would; gives its bytes."""
        return await asyncio.to_thread(lambda: len(urllib.request.urlopen(self._base + path, timeout=30).read()))

    async def _rerun(self, trigger: WidgetState | None = None, fragment: str = "") -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self._query
        state.page_script_hash = self._page_hash
        state.page_name = self._page if not self._page_hash else ""
        state.fragment_id = fragment
        state.is_auto_rerun = bool(fragment)
        state.widget_states.widgets.extend([*self._values.values(), *([trigger] if trigger else [])])
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    def _take(self, message: ForwardMsg) -> bool:
        """Follow one message; true if a run has ended."""
        kind = message.WhichOneof("type")
        whole = not message.metadata.run.fragment_ids
        if kind == "new_session":
            if whole:
                self._coming = {}
                self._stop_repeats()
        elif kind == "navigation":
            self._page_hash = message.navigation.page_script_hash
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            into = self._coming if whole else self.shown
            into[tuple(message.metadata.delta_path)] = message.delta.new_element
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            task = asyncio.create_task(self._repeat(message.auto_rerun.fragment_id, message.auto_rerun.interval))
            self._repeats[message.auto_rerun.fragment_id] = task
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                self.shown = self._coming
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False

    async def _repeat(self, fragment: str, every_s: float) -> None:
        while True:
            await asyncio.sleep(every_s)
            await self._rerun(fragment=fragment)

    def _stop_repeats(self) -> None:
        for task in self._repeats.values():
            task.cancel()
        self._repeats = {}
