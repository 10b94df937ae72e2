"""The grammar of schedules: days, times, services and what qualifies them."""
