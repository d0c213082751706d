"""Systems that call: their keys, certificates and agreements (dataaftaler), admission and rate limit."""
