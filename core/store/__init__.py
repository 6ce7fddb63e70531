"""The library on disk: rows in one SQL database, pictures as files named by their sha256.

library      the Library: every verb that studio and dataprep call
schema       the tables
database     connections: one way to read, one way to write
faults       what the database and the disk say, as errors with a remedy
ledger       the sha256 of every row and the tally of every table
importing    episodes in
campaigns    campaigns in and out
gallery      find campaigns: filters, search, pages
jobs         the queue
seats        who may work: each held by one process, freed when it dies
generations  finished steps in and out
queries      the screens' views
search       accent- and case-blind text
media        picture files and their thumbnails
marks        marks of origin inside picture files
integrity    verify: find what changed behind our back
garbage      remove files that no row names
backup       a consistent copy of the database
export       a show as plain JSON data
migrations   the schema's versions
"""
