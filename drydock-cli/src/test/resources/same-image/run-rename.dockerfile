FROM base:1
COPY dir /d
RUN mv /d /e
