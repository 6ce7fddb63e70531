"""The map of Chamada's core, one line a module.

errors     the exception tree
domain     frozen types: shows and episodes, scenes and generations, briefs and campaigns, jobs
settings   every knob, read once
machine    what this machine has: cards, driver, memory
profiles   which engines serve on this machine, and why
models     models on this machine: known, found, downloaded, verified
language   screen languages (gettext)
platforms  the networks' limits and picture sizes
prompts    prompt templates and their rendering
ingest     one reader or column profile per source format -> episodes
store      tables, files, migrations: the library on disk
checks     faults a program can find in briefs, copy and pictures, and mend
compose    title and call to action over a picture, and the files that leave
engines    protocols, and one back end a file or folder
chains     one prompting technique a file
jobs       the queue and the worker process
studio     composition root: the verbs that pages and dataprep call
desk       its verbs of campaigns
status     its answer to how it stands: engines, machine, models, workers
cli        the commands of dataprep.py
"""
