"""Compression recipes: ACT's sections as a schema, and the steps of a recipe."""
