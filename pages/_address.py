"""What the address bar holds, read with care: anyone can type into it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def number(name: str) -> int | None:
    """The row id that parameter ``name`` spells in ASCII digits; None where it is missing or anything else."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def put(name: str, value: int) -> None:
    """Set a parameter that no widget is bound to."""
    st.query_params[name] = str(value)


def drop(*names: str) -> None:
    """Take parameters out, where they are there."""
    for name in names:
        if name in st.query_params:
            del st.query_params[name]


def remember(page: str, names: Sequence[str]) -> None:
    """Keep a list's filters for the way back: Streamlit drops them from the address on another page."""
    kept = {name: str(st.query_params[name]) for name in names if name in st.query_params}
    st.session_state[f"address of {page}"] = kept


def remembered(page: str) -> dict[str, str]:
    """The address of a list as it was left; empty where this tab has not seen it."""
    return dict(st.session_state.get(f"address of {page}", {}))
