# COPY --from: of two stages with one name the later is meant, by number both can be; names have any case.
FROM base:1 AS x
RUN echo 1 > /f
FROM base:1 AS x
RUN echo 2 > /f
FROM base:1
COPY --from=x /f /f
COPY --from=0 /f /g
COPY --from=X /f /h
