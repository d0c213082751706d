"""The sandbox: an invented population, a clock that can be set, and a reset to the beginning (sources 4)."""
