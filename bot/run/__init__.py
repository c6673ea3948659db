"""Runs a plan, the demonstration and the check of a runner on this machine."""
