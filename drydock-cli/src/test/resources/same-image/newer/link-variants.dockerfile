# COPY --link: links of the base are not followed; with owner, with mode, of an archive.
FROM base:1
RUN mkdir /real && ln -s /real /alias
COPY --link a.txt /alias/
COPY --link --chown=3:4 dir /n/
COPY --link --chmod=600 a.txt /m/
ADD --link archive.tar.gz /t/
