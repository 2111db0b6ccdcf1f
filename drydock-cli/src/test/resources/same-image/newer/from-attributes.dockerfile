FROM base:1 AS s
RUN mkdir -m 2775 /s && chown 7:8 /s && echo x > /s/f && chmod 4755 /s/f && chown 9:10 /s/f && ln /s/f /s/g && ln -s f /s/l && chown -h 1:2 /s/l && touch -d @1234567 /s/f && mkdir /s/e && touch -d @1234568 /s/e /s
FROM base:1
COPY --from=s /s /one
COPY --from=s /s/l /two
COPY --from=s /s /etc/
COPY --from=s --chown=app:extra /s /three/
