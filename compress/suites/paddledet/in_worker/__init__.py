"""Code that needs PaddleDetection itself; imported inside workers only."""
