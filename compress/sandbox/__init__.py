"""Confines a worker process to the files that it may access, and to its limits.

bubblewrap hides files, processes, the network and devices; control groups or polling limit
memory, processes and disk. Only plain files come out of a sandbox.
"""
