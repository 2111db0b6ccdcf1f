FROM base:1
ARG D=/data
RUN --mount=type=cache,target=$D,id=x-$D echo "$D" > /x
