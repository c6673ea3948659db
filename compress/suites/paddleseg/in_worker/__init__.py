"""Code that needs PaddleSeg itself; imported inside workers only."""
