#: --build-arg=no_proxy=x
FROM base:1
RUN echo "$NO_PROXY-$no_proxy" > /x
