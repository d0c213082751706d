"""The sandbox: an invented population, a clock that can be set, and the way back to where it began (sources 4)."""
