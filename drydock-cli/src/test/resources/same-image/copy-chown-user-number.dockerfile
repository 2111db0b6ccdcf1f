FROM base:1
COPY --chown=55 dir/x /x
