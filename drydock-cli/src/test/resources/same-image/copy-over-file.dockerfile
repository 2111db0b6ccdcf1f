FROM base:1
COPY a.txt /etc/passwd
