FROM base:1
VOLUME /v
RUN mkdir -p /v && echo kept > /v/f
