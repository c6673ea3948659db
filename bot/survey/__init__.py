"""The sweep over models, recipes and targets, and the tables of what it measured."""
