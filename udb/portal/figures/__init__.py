"""Ledelsesinformation: a kommune's figures for its leder, and all kommuner's for STIL (docs/spec/ledelse.md)."""
