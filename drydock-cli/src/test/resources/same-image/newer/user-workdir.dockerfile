# WORKDIR belongs to the USER of its place: by name, number, number with group, name with group.
FROM base:1
USER app
WORKDIR /home/w
RUN id > ids
USER 1000
WORKDIR /w
USER 5:6
WORKDIR /v/x
USER app:extra
WORKDIR sub
