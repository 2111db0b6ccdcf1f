# COPY --exclude with wildcards, everything, and patterns that take back what others left out.
FROM base:1
COPY --exclude=* dir /a/
COPY --exclude=*.txt . /b/
COPY --exclude=** --exclude=!sub dir /c/
COPY --exclude=sub --exclude=!sub/z dir /d/
COPY --exclude=!x dir /e/
COPY --exclude=?  dir /f/
COPY --exclude=s*b/z dir /g/
