"""Compression recipes: ACT's sections as a schema, and the steps that one asks for."""
