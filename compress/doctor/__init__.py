"""The doctor: rules that know what goes wrong with a recipe, why, and what mends it."""
