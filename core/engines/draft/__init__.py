"""The embedded engines: no model, no download, nothing invented.

text        the TextEngine: sends each prompt to the part that composes its answer
language    which language a text is in; its words, stop words and stems
casing      capitals for names and places that a script writes in capitals
places      scene headings as place and time, with the right preposition
quotes      which speech lines may be quoted, and at what length
rank        LexRank, and a varied choice from its scores
phrases     key phrases
beats       a scene told in a sentence and a quote
summarizer  an episode's summary out of beats
study       a season's questions, answered from stored summaries
"""
