"""Collects and checks the range of sizes that TensorRT needs for dynamic shapes."""
