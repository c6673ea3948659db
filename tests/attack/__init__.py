"""Hostile inputs against the installed program: ``python -m tests.attack`` (``make attack``).

Each module of ``surfaces`` holds the attacks on one kind of input. An attack prepares a fresh
folder, runs ``slimgate`` there as a person would, within limits on memory and time, and says what
may happen.
"""
