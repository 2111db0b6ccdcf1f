FROM base:1
COPY nope* /x/
COPY nope* /y
