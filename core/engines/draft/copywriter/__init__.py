"""The embedded copywriter: posts composed by grammar from the facts of a brief or of an episode, none of its own.

write       the composer: brief and facts in, the fields of a Copy out
pitch       a brief read as what is sold: name, noun, points, audience, sensitive or not
topic       the topic taken apart: what it is called, what it is, what is said of it
points      what kind of thing a part of a topic says: a quality, a thing had, a time, a place, a price
lexicon     the word lists that tell the parts of a topic apart
nouns       a noun with its articles, contractions and gender
audience    the brief's audience as words a reader may be shown
phrasebook  sentences with slots, from data/copy, chosen by what the brief can fill
pool        the slots a brief fills, each telling some of its points
prose       sentences of one post: what opens it, what tells the rest
story       sentences about an episode or a season
formats     the content types: how sentences become a post, an e-mail, a script
fitting     call to action, hashtags, limits
"""
