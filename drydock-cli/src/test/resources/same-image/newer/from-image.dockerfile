FROM scratch
COPY --from=base:1 /etc/passwd /etc/group /
COPY --from=base:1 /etc /e/
