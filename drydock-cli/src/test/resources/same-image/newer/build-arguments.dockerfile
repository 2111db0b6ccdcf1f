#: --build-arg=A=one two
#: --build-arg=UNUSED=x
#: --build-arg=HTTP_PROXY=http://p:1
ARG A=0
FROM base:1
ARG A
ARG B="q $A"
RUN echo "$A-$B-$HTTP_PROXY-$http_proxy" > /x
ARG HTTP_PROXY
RUN echo "$HTTP_PROXY" > /y
