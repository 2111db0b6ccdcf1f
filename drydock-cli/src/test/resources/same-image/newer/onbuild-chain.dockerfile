FROM base:1 AS a
ONBUILD RUN echo one > /one
ONBUILD ENV Q=1
ONBUILD LABEL l=$Q
FROM a AS b
ONBUILD RUN echo two > /two
FROM b
