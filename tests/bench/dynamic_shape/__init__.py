"""Tests of the sizes that dynamic shapes need."""
