"""Defences as data: each with the text that it consists of and the test that sees its loss.

One file of entries for each area, ``AREA.yml``. ``python -m tests.defences.mutate`` takes them away
one at a time, in a copy; ``python -m tests.defences.table`` writes the table of docs/security.md.
"""
