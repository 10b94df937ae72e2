"""One reader per way of laying out a directory of parishes."""
