"""Tests of ``compress.methods.channel_prune``."""
