"""Proves the doctor's rules: what each calls a defect is run for real, and so is its fix."""
