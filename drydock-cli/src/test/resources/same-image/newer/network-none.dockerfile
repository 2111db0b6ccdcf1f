# RUN --network and --security are not in history.
FROM base:1
RUN --network=none echo a > /a
RUN --network=default --security=sandbox echo b > /b
