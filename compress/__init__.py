"""Turns a model config of a suite into inference models: resolve, export, compress, store."""
