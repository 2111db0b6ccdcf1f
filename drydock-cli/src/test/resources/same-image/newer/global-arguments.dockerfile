ARG B=base
ARG T=1
ARG FULL=$B:$T
FROM $FULL AS a
FROM ${B}:${T:-2}
ARG FULL
RUN echo "$FULL-$B" > /x
