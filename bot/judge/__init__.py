"""From results to verdicts: loads results as untrusted data, judges them and explains them."""
