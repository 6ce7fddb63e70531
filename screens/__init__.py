"""The screens: one script a page, run by dashboard.py. Modules with a leading underscore are what they share.

The folder is not called ``pages``: Streamlit runs the scripts of a folder of that name by itself when the first
visit after a start goes straight to one of them, without dashboard.py and its language, navigation and errors.
"""
