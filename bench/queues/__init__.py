"""The queues that `bench/coordination.py` compares: each a module with a `Contender`."""
