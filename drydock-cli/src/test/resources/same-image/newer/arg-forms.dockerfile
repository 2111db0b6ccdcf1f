#: --build-arg=G=cli
# ARG: --build-arg, then the own default, then the global value; later names of a line see earlier ones; ENV shadows ARG.
ARG G=file
ARG H=$G-x
FROM base:1
ARG G
ARG H
ARG I=$H J=$I-$G K
RUN echo "$G $H $I $J [$K]" > /o
ARG G=again
RUN echo "$G" > /p
ENV G=env
RUN echo "$G" > /q
