"""Composition: a title and a call to action drawn over a picture, in a network's size; and the files that leave."""
