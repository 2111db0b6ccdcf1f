#: --build-arg=B=given
ARG G=glob
FROM base:1
ARG A=1 B=2 C
ARG G
RUN echo $A
ENV A=env
RUN echo $A
ARG http_proxy=x
RUN echo
