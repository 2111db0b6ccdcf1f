FROM base:1 AS s
RUN mkdir -p /a/real && echo x > /a/real/f && ln -s real /a/l && ln -s /a/real/f /abs
FROM base:1
COPY --from=s /a/l /1
COPY --from=s /a/l/f /2
COPY --from=s /abs /3
COPY --from=s /a /4
COPY --from=s /a/* /5/
