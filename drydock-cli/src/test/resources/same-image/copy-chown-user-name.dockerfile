FROM base:1
COPY --chown=app dir/x /x
