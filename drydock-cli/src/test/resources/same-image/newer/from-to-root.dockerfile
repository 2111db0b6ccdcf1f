FROM base:1 AS s
RUN mkdir /only && echo x > /only/x
FROM scratch
COPY --from=s /only /
