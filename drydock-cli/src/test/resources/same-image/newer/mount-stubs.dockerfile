FROM base:1 AS b
FROM scratch
COPY --from=b /bin/busybox /bin/sh /bin/
RUN ["/bin/busybox", "true"]
RUN --mount=type=tmpfs,target=/a/b/c echo x > /x
