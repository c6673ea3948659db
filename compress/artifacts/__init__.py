"""Exports, compresses, searches and inspects inference models, each at most once."""
