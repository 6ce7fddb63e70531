"""The pages: one script each, run by dashboard.py. Modules with a leading underscore are what they share."""
