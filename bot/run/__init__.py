"""Runs a plan on this machine, and the demonstration."""
