FROM base:1 AS one
RUN mkdir /out && echo 1 > /out/1 && chown 5:6 /out/1 && chmod 600 /out/1
FROM base:1
COPY --from=one /out /in
COPY --from=0 /out/1 /file
COPY --from=ONE --chown=9 /out/1 /owned
