"""A little world to be unkind to: a web, a Postgres, workers, and what goes wrong between them."""
