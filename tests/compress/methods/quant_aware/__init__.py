"""Tests of ``compress.methods.quant_aware``."""
