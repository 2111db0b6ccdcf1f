# SHELL is inherited and stands before CMD, ENTRYPOINT and RUN of the child.
FROM base:1 AS a
SHELL ["/bin/sh", "-ec"]
CMD x y
FROM a
RUN echo a > /a
ENTRYPOINT e f
HEALTHCHECK CMD true
