FROM base:1
ADD --chown=5:6 archive.tar.gz a.txt /new/x/
