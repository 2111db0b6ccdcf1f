# ONBUILD with --from, ADD and WORKDIR runs right after the child's FROM.
FROM base:1 AS tools
RUN echo t > /t
FROM base:1 AS a
ONBUILD COPY --from=tools /t /t
ONBUILD ADD a.txt /a
ONBUILD WORKDIR /w
FROM a
RUN true
