"""Tests of PaddleSeg's driver, without Paddle."""
