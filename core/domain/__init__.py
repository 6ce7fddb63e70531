"""The words of the house as frozen pydantic types: show.py (what came in), generation.py (what is made)."""
