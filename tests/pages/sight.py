"""What a page under test says."""

from streamlit.testing.v1 import AppTest


def written(app: AppTest) -> str:
    """All text on the page, a line an element."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "text", "code", "error", "info", "warning")
    lines = [str(element.value) for kind in kinds for element in app.get(kind)]
    lines += [str(element.label) for kind in ("button", "page_link", "expander") for element in app.get(kind)]
    lines += [str(element.text) for element in app.get("progress")]
    return "\n".join(lines)
