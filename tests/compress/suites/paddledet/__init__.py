"""Tests of the support for PaddleDetection."""
