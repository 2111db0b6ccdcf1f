FROM base:1
WORKDIR /etc
WORKDIR /tmp
COPY a.txt .
COPY a.txt sub/
