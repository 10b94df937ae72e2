"""What the reporting role renders, and the exports."""
