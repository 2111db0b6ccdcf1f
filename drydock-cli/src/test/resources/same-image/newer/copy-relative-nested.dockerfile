# COPY to destinations relative to WORKDIR, above it too; WORKDIR / and . again.
FROM base:1
WORKDIR a/b
WORKDIR ../c
COPY a.txt ./
COPY a.txt ../up/
WORKDIR /
WORKDIR .
