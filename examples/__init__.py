"""Two small suites laid out as PaddleSeg and PaddleDetection are, with data and weights."""
