"""Runtimes: the environments that workers run in, each with a Paddle of its own."""
