"""The map of Chamada's core, one line a module.

errors     the exception tree
domain     frozen types: shows and episodes, scenes and generations
settings   every knob, read once
language   screen languages (gettext)
prompts    prompt templates and their rendering
ingest     one reader or column profile per source format -> episodes
store      tables, files, migrations: the library on disk
engines    protocols, and one back end a file or folder
chains     one prompting technique a file
studio     composition root: the verbs that pages and dataprep call
"""
