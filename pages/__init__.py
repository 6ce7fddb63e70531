"""The screens: one script a page, run by dashboard.py. Modules with a leading underscore are what pages share."""
