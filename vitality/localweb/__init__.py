"""A stored piece of the web, served on loopback as a forward proxy."""
