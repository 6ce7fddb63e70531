"""Posters by rule: geometry, palettes, type, stages, and the five styles that draw them."""
