"""The words of the house as frozen pydantic types.

show.py: what came in. generation.py, campaign.py: what is asked and made. job.py: work in the queue. library.py,
gallery.py: what lists show.
"""
