FROM base:1 AS s
RUN mkdir -m 1777 /s && mkdir -m 2755 /s/g && touch /s/g/f && chmod 6755 /s/g/f
FROM base:1
COPY --from=s /s /n
COPY --from=s --chmod=1777 /s /m
COPY --from=s --chmod=u+s,g-w /s /o
