"""Attacks on a screen: a listener that nobody may call, and what hostile words must not become."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import free_port
from tests.browser.visitor import Visitor
from tests.pages import shelf


@contextmanager
def listening() -> Iterator[int]:
    """A port that hostile words point to; afterwards, nobody may have called it."""
    calls: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    port = free_port()
    listener = http.server.ThreadingHTTPServer(("127.0.0.1", port), Listener)
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    try:
        yield port
    finally:
        listener.shutdown()
        listener.server_close()
    assert calls == []


def expect_only_words(visitor: Visitor, port: int, name: str) -> None:
    """The page shows the hostile words as they are, with everything opened that opens."""
    page = visitor.page
    for expander in page.locator("[data-testid=stExpander] summary").all():
        expander.click()
    for box in page.get_by_role("combobox").all():
        box.click()
        page.keyboard.press("Escape")
    visitor.settle()
    assert page.evaluate("window.broken") is None
    assert visitor.outside == []
    assert page.locator("[data-testid=stMain] a[href*='example'], a[href^=javascript], a[href*='/y']").count() == 0
    assert page.locator("[data-testid=stMain] script, [data-testid=stMain] .katex").count() == 0
    assert "🎉" not in page.content()
    shown = " ".join(shelf.HOSTILE.format(port=port).split())
    fields = [box.input_value() for box in visitor.main.locator("textarea, input[type=text]").all()]
    text = "\n".join([visitor.text, *fields]).replace("\u2060", "")
    assert shown[:50] in " ".join(text.split()), name
    visitor.shoot(f"{name}-hostile")
