"""Tests of the data branch and of what is recorded in it, with real git."""
