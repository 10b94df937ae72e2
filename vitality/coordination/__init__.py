"""Who works on what, decided by Postgres."""
