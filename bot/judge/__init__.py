"""From results to verdicts: results are loaded as hostile data, judged and explained."""
