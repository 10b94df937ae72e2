"""Postgres: the schema, and what is kept in it."""
