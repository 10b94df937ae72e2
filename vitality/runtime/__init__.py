"""Actors and their supervisor; knows no parishes, HTML or SQL."""
