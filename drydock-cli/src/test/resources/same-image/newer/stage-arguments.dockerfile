FROM base:1 AS a
ARG X=arg
FROM a AS b
ENV X=env
FROM b
RUN echo "$X" > /x
ARG X
RUN echo "$X" > /y
