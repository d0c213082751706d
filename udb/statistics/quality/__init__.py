"""The figures of the data-quality pages (docs/spec/quality.md): worked out by a job, kept, and cut to one's part."""
