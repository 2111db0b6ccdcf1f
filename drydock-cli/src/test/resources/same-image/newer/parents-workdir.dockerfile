# COPY --parents to destinations relative to WORKDIR.
FROM base:1
WORKDIR /w
COPY --parents dir/sub/z dir/x .
COPY --parents dir/sub/z one
COPY --parents a.txt .
