FROM base:1
COPY --chown=nobody:staff a.txt /
COPY --chown=nobody:66 script.sh /
