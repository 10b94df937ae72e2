"""The simulated national crawl of `bench/national.py`."""
