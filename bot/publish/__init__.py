"""Publishing: compares GitHub as it should be with GitHub as it is; the difference is actions."""
