FROM base:1
COPY --chmod=u=rwX,go=rX dir /a
COPY --chmod=g+w,o-r a.txt script.sh /b/
COPY --chmod=a+x a.txt /c
