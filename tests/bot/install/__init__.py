"""Tests of installing the bot in a suite."""
