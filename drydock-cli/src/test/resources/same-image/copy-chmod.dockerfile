FROM base:1
COPY --chmod=0750 a.txt /
COPY --chmod=4755 script.sh /setuid
