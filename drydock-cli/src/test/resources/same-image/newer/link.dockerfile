FROM base:1
RUN mkdir /real && ln -s /real /alias && chmod 700 /real && chown 5:6 /real
COPY --link a.txt /real/
COPY --link dir /d/
COPY --link --chown=5:6 a.txt /o/
COPY --link --chmod=700 a.txt /m/x
