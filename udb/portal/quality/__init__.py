"""The pages on data quality, ``/web/kvalitet`` (docs/spec/quality.md)."""
