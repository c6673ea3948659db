"""Tests of what goes to GitHub and comes from it; the client against the emulator."""
