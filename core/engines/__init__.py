"""The seams to whatever writes and paints: base.py has the protocols, each other file or folder one back end."""
