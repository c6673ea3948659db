"""The files that slimgate needs in a suite."""
