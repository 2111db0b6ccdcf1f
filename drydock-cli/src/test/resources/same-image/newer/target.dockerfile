#: --target=mid
FROM base:1 AS first
RUN echo 1 > /1
FROM first AS mid
ARG TARGETSTAGE
RUN echo "$TARGETSTAGE" > /t
FROM mid
RUN echo never
