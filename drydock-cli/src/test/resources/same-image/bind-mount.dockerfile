FROM base:1
RUN --mount=type=bind,source=dir,target=/b cp /b/x /from-bind
RUN --mount=target=/ctx,ro cat /ctx/a.txt > /from-context
