FROM base:1 AS x
RUN echo 1 > /f
FROM base:1 AS x
RUN echo 2 > /f
FROM base:1
COPY --from=x /f /f
COPY --from=0 /f /f0
