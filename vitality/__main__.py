"""`python -m vitality` and the `vitality` command."""

from vitality.cli import main

if __name__ == "__main__":
    main()
