"""PaddleSeg: dialect and driver."""
