"""The embedded engines: no model, no download, nothing invented.

text        the TextEngine: sends each prompt to the part that composes its answer
language    which language a text is in; its words, stop words and stems
casing      capitals for names and places that a script writes in capitals
places      scene headings as place and time, with the right preposition
quotes      which speech lines may be quoted, and which part of a long one
rank        LexRank, and a varied choice from its scores
phrases     key phrases
beats       what one scene gives to a synopsis
teller      beats told as prose
summarizer  an episode's summary
season      what a season's stored summaries say, counted
tone        the moods of a season, by their words
study       a season's questions answered, its subject composed
motifs      the nouns a poster can show, found in a text
nouns       the motif library, ready for search
inflection  plurals and diminutives for that search
scenery     the picture of an episode or a season: motifs, place, light, mood, prompt
atmosphere  mood, setting and time of day, voted by a story's words
wording     a composed picture as an English sentence and as a prompt
copywriter  campaign copy by grammar, from the facts of a brief or of an episode
"""
