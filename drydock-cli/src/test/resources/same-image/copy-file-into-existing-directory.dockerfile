FROM base:1
COPY a.txt /etc
COPY script.sh /etc/.
