FROM base:1
HEALTHCHECK CMD ["true", "x"]
