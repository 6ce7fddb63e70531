"""A visitor with a browser: opens pages, notes what the console and the network say."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from core.settings import ROOT

expect.set_options(timeout=20_000)

SHOTS = ROOT / "build" / "screenshots"

# On a deep link Streamlit asks for these under the page's path first, and at the root when that gives 404.
PROBES = ("/_stcore/health", "/_stcore/host-config")


class Visitor:
    """One browser tab on one dashboard."""

    def __init__(self, browser: Browser, base: str, *, width: int = 1440, dark: bool = False) -> None:
        self.base = base
        self.outside: list[str] = []
        self.errors: list[str] = []
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", locale="pt-BR"
        )
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("request", self._note_request)
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.base).netloc:
            self.outside.append(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        if message.type == "error" and not url.endswith(PROBES):
            self.errors.append(f"{message.text} {url}")

    def open(self, path: str = "/") -> "Visitor":
        """Go to a page and wait until its script has ended."""
        self.page.goto(self.base + path)
        return self.settle()

    def settle(self) -> "Visitor":
        """Wait until the script has run to its end and the pictures are there.

        After a click a slow machine may not have begun to run: ``expect`` what the click is to bring before this.
        """
        self.page.wait_for_timeout(250)
        self.page.wait_for_selector("h1")
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        self.page.wait_for_function("[...document.images].every(image => image.complete)")
        self.page.wait_for_timeout(250)
        return self

    @property
    def text(self) -> str:
        """What the main part of the page says."""
        return self.main.inner_text()

    @property
    def main(self) -> Locator:
        """The main part of the page."""
        return self.page.locator("[data-testid=stMain]")

    @property
    def title(self) -> Locator:
        """The page's first heading."""
        return self.page.locator("h1").first

    def shoot(self, name: str) -> Path:
        """Save a picture of the whole page under build/screenshots."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        assert size
        height = self.page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": min(int(height) + 8, 4000)})
        self.page.wait_for_timeout(300)
        self.page.screenshot(path=SHOTS / f"{name}.png")
        self.page.set_viewport_size(size)
        return SHOTS / f"{name}.png"

    def overflow(self) -> int:
        """By how many pixels the main part is wider than its window."""
        return int(
            self.page.evaluate(
                "(() => { const main = document.querySelector('[data-testid=stMain]');"
                " return main.scrollWidth - main.clientWidth; })()"
            )
        )

    def close(self) -> None:
        """Close the tab."""
        self.page.context.close()
