# HEALTHCHECK: what a child says replaces all of the parent's, NONE included.
FROM base:1 AS a
HEALTHCHECK --interval=5s --start-interval=2s --retries=3 CMD true
FROM a AS b
HEALTHCHECK NONE
FROM b
HEALTHCHECK --timeout=1m30s CMD ["x", "y"]
