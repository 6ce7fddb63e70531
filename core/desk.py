"""The marketing desk: the verbs of campaigns that pages and dataprep call."""
