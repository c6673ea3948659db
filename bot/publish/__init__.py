"""Publishing: what is to be on GitHub, against what is there, as actions; applied elsewhere."""
