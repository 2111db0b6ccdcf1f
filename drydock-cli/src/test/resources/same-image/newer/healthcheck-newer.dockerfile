FROM base:1
HEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=2h --start-interval=100ms --retries=0 CMD   curl  -f x
HEALTHCHECK --interval=0s CMD ["a"]
