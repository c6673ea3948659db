"""Tables of what a suite's models do: the sweep over models, recipes and targets."""
