"""Tests of ``compress.methods.channel_prune.in_worker``."""
