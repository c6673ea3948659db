"""The doctor: rules that say what is wrong with a recipe, why it matters, and how to fix it."""
