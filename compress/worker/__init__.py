"""Worker processes seen from outside: starting, asking, limiting and ending them."""
