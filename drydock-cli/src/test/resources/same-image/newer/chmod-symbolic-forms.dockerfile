# COPY --chmod with letters on plain files and directories: several clauses, X, empty right sides.
FROM base:1
COPY --chmod=u+x,go-w a.txt /1/
COPY --chmod=a=r a.txt /2/
COPY --chmod=u=rwX,go=rX dir /3/
COPY --chmod=+x a.txt /4/
COPY --chmod=-r a.txt /5/
COPY --chmod=u=g a.txt /6/
COPY --chmod=g+s,o+t a.txt /7/
COPY --chmod=go= script.sh /8/
COPY --chmod=u-x,a+X script.sh /9/
