FROM base:1
ONBUILD RUN echo   "two  blanks"
ONBUILD ENV a=b
