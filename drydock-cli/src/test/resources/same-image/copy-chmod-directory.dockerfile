FROM base:1
COPY --chmod=751 dir /d
