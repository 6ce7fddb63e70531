"""The commands of dataprep.py, one group a file; each speaks the user's language."""
