"""Keeps a worker process from everything that it was not given, and within limits.

bubblewrap hides (files, processes, network, devices), control groups or polling limit (memory,
processes, disk). What comes out of it is plain files or nothing.
"""
