FROM base:1 AS a
RUN true
FROM a AS b
ENV X=1
FROM b
RUN true
