FROM base:1
ARG X=1
RUN --mount=type=cache,target=/c --network=none --security=sandbox echo $X
