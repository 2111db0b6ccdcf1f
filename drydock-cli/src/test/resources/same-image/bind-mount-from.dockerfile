FROM base:1 AS one
RUN mkdir /o && echo o > /o/o
FROM base:1
RUN --mount=type=bind,from=one,source=/o,target=/o,rw echo lost > /o/lost && cp /o/o /kept
