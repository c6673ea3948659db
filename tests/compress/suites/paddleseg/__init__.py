"""Tests of the support for PaddleSeg."""
