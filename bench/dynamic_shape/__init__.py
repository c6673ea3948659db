"""The range of sizes that TensorRT's dynamic shapes need: collected on extremes, and checked."""
