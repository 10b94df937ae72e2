"""The composition root: builds everything from the settings, and nothing else does."""
