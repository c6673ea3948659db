"""PaddleDetection: dialect and driver."""
