"""Tests of PaddleDetection's driver, without Paddle."""
