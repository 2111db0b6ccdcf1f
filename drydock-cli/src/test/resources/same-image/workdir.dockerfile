FROM base:1
WORKDIR /a
WORKDIR b/c
RUN pwd > where
WORKDIR /
RUN pwd > at-root
WORKDIR /etc
